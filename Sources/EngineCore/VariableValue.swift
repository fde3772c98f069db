package import Expressions

/// A variable's typed value, as the contract has it.
///
/// Every type has a null of its own.
package enum VariableValue: Sendable, Hashable {
    case null
    case boolean(Bool?)
    case short(Int16?)
    case integer(Int32?)
    case long(Int64?)
    case double(Double?)
    /// At most ``VariableValue/maximumStringLength`` UTF-16 units.
    case string(String?)
    case date(Instant?)
    case bytes([UInt8]?)
    /// Kept byte for byte, well-formed or not.
    case json(String?)
    /// Kept byte for byte, well-formed or not.
    case xml(String?)
    case object(ObjectValue)
    case file(FileValue)

    /// The longest String value, in UTF-16 code units.
    package static let maximumStringLength = 4000
}

/// A serialized object, opaque to the engine and kept byte for byte.
package struct ObjectValue: Sendable, Hashable {
    package var text: String?
    package var typeName: String?
    /// The serialization format, such as `application/json`.
    package var format: String?

    package init(text: String?, typeName: String?, format: String?) {
        self.text = text
        self.typeName = typeName
        self.format = format
    }

    package static let jsonFormat = "application/json"
    package static let javaFormat = "application/x-java-serialized-object"
}

/// A file with what is known of it.
package struct FileValue: Sendable, Hashable {
    package var content: [UInt8]
    package var name: String
    package var mimeType: String?
    package var encoding: String?

    package init(content: [UInt8], name: String, mimeType: String?, encoding: String?) {
        self.content = content
        self.name = name
        self.mimeType = mimeType
        self.encoding = encoding
    }
}

extension VariableValue {
    /// The contract's name of the value's type.
    package var typeName: String {
        switch self {
        case .null: "Null"
        case .boolean: "Boolean"
        case .short: "Short"
        case .integer: "Integer"
        case .long: "Long"
        case .double: "Double"
        case .string: "String"
        case .date: "Date"
        case .bytes: "Bytes"
        case .json: "Json"
        case .xml: "Xml"
        case .object: "Object"
        case .file: "File"
        }
    }
}

extension VariableValue {
    /// The bytes of a value whose length is not bounded; 0 for all others.
    package var byteCount: Int {
        switch self {
        case .null, .boolean, .short, .integer, .long, .double, .string, .date: 0
        case .bytes(let bytes): bytes?.count ?? 0
        case .json(let text), .xml(let text): text?.utf8.count ?? 0
        case .object(let object): object.text?.utf8.count ?? 0
        case .file(let file): file.content.count
        }
    }
}

extension [VariableInput] {
    /// The bytes of the values whose length is not bounded.
    package var byteCount: Int { reduce(0) { $0 + $1.value.byteCount } }
}

/// A value on its way into a scope.
package struct VariableInput: Sendable, Hashable {
    package var name: String
    package var value: VariableValue
    /// Seen by the rest of the decision, never stored.
    package var isTransient: Bool

    package init(name: String, value: VariableValue, isTransient: Bool = false) {
        self.name = name
        self.value = value
        self.isTransient = isTransient
    }
}
