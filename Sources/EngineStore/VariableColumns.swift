package import EngineCore
import Expressions

/// A variable's value as its columns hold it.
package struct VariableColumns: Sendable, Hashable {
    /// The contract's name of the type.
    package var type: String
    package var text: String?
    package var long: Int64?
    package var double: Double?
    package var data: [UInt8]?
    package var objectType: String?
    package var format: String?
    package var fileName: String?
    package var mimeType: String?
    package var encoding: String?

    /// The columns as read from a row.
    package init(
        type: String,
        text: String? = nil,
        long: Int64? = nil,
        double: Double? = nil,
        data: [UInt8]? = nil,
        objectType: String? = nil,
        format: String? = nil,
        fileName: String? = nil,
        mimeType: String? = nil,
        encoding: String? = nil
    ) {
        self.type = type
        self.text = text
        self.long = long
        self.double = double
        self.data = data
        self.objectType = objectType
        self.format = format
        self.fileName = fileName
        self.mimeType = mimeType
        self.encoding = encoding
    }

    /// The columns that a value is written to.
    package init(_ value: VariableValue) {
        self.init(type: value.typeName)
        switch value {
        case .null: break
        case .boolean(let value): long = value.map { $0 ? 1 : 0 }
        case .short(let value): long = value.map(Int64.init)
        case .integer(let value): long = value.map(Int64.init)
        case .long(let value): long = value
        case .double(let value): double = value
        case .string(let value): text = value
        case .date(let value): long = value?.millisecondsSinceEpoch
        case .bytes(let value): data = value
        case .json(let value), .xml(let value): data = value.map { Array($0.utf8) }
        case .object(let object):
            data = object.text.map { Array($0.utf8) }
            objectType = object.typeName
            format = object.format
        case .file(let file):
            data = file.content
            fileName = file.name
            mimeType = file.mimeType
            encoding = file.encoding
        }
    }

    /// The value that the columns hold; `.null` for a type that this version does not know.
    package var value: VariableValue {
        switch type {
        case "Boolean": .boolean(long.map { $0 != 0 })
        case "Short": .short(long.flatMap { Int16(exactly: $0) })
        case "Integer": .integer(long.flatMap { Int32(exactly: $0) })
        case "Long": .long(long)
        case "Double": .double(double)
        case "String": .string(text)
        case "Date": .date(long.map { Instant(millisecondsSinceEpoch: $0) })
        case "Bytes": .bytes(data)
        case "Json": .json(data.map { String(decoding: $0, as: UTF8.self) })
        case "Xml": .xml(data.map { String(decoding: $0, as: UTF8.self) })
        case "Object":
            .object(
                ObjectValue(
                    text: data.map { String(decoding: $0, as: UTF8.self) },
                    typeName: objectType,
                    format: format
                )
            )
        case "File":
            .file(FileValue(content: data ?? [], name: fileName ?? "", mimeType: mimeType, encoding: encoding))
        default: .null
        }
    }
}
