import EngineCore
import Expressions
import HTTPTypes
import JSON

extension VariableEntry {
    /// The variable, converted to its type.
    ///
    /// - Throws: ``APIError`` when there is no such type, or the value is none of it.
    func input() throws(APIError) -> VariableInput {
        guard let type else {
            return VariableInput(name: name, value: try Self.inferred(value), isTransient: info["transient"] == true)
        }
        return VariableInput(name: name, value: try converted(to: type), isTransient: try isTransient(type))
    }

    /// The type that a value without one has.
    private static func inferred(_ value: JSONValue) throws(APIError) -> VariableValue {
        switch value {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return Int32(exactly: value).map { .integer($0) } ?? .long(value)
        case .bigInteger: return object(value, typeName: "java.math.BigInteger")
        case .number(let value): return .double(value)
        case .string: return .string(try value.coercedToString())
        case .array: return object(value, typeName: "java.util.ArrayList")
        case .object: return object(value, typeName: "java.util.LinkedHashMap")
        }
    }

    private static func object(_ value: JSONValue, typeName: String) -> VariableValue {
        .object(ObjectValue(text: value.text, typeName: typeName, format: ObjectValue.jsonFormat))
    }

    private static func canonical(_ type: String) -> String { type.prefix(1).uppercased() + type.dropFirst() }

    /// The first letter of a type may be of either case.
    private func converted(to type: String) throws(APIError) -> VariableValue {
        switch Self.canonical(type) {
        case "Null": return try value.isNull ? .null : unconverted(type)
        case "Boolean": return .boolean(try primitive(type) { $0.boolean })
        case "Short": return .short(try primitive(type) { $0.integer() })
        case "Integer": return .integer(try primitive(type) { $0.integer() })
        case "Long": return .long(try primitive(type) { $0.integer() })
        case "Double": return .double(try primitive(type) { $0.double })
        case "String": return .string(try string(type))
        case "Date": return .date(try primitive(type) { $0.date })
        case "Bytes": return .bytes(try primitive(type) { $0.bytes })
        case "Json": return .json(try serialized(type))
        case "Xml": return .xml(try serialized(type))
        case "Object": return .object(try object(type))
        case "File": return .file(try file())
        case "Number": throw .engine("Cannot serialize value of abstract type number")
        default: throw APIError(.badRequest, "RestException", "Unsupported value type '\(type)'")
        }
    }

    /// Whether the variable is to live only as long as the command.
    private func isTransient(_ type: String) throws(APIError) -> Bool {
        switch info["transient"] {
        case nil, .null?: return false
        case .boolean(let value)?: return value
        case .some:
            if Self.javaClasses[Self.canonical(type)] != nil { return try unconverted(type) }
            throw .invalidRequest("The property 'transient' should have a value of type 'boolean'.")
        }
    }
}

// MARK: Primitive types

extension VariableEntry {
    /// A value read from its text; nil for null, and for empty text where the type has no other use for it.
    private func primitive<Value>(
        _ type: String,
        _ read: (ValueText) -> ValueText.Reading<Value>
    ) throws(APIError) -> Value? {
        guard !value.isNull else { return nil }
        switch read(ValueText(value)) {
        case .value(let value): return value
        case .null: return nil
        case .refused: return try unconverted(type)
        }
    }

    private func string(_ type: String) throws(APIError) -> String? {
        if value.isNull { return nil }
        if case .string = value { return try value.coercedToString() }
        // A text that is not JSON when put into quotes cannot be read back.
        let text = ValueText(value).text
        guard case .string(let read)? = try? JSONParser.parse("\"\(text)\"", trailing: .ignored) else {
            return try unconverted(type)
        }
        return read
    }

    private func unconverted<Value>(_ type: String) throws(APIError) -> Value {
        let javaClass = Self.javaClasses[Self.canonical(type)] ?? type
        throw .invalidRequest(
            "Cannot convert value '\(ValueText(value).text)' of type '\(type)' to java type \(javaClass)"
        )
    }

    /// How errors call the primitive types.
    private static let javaClasses = [
        "Null": "javax.lang.model.type.NullType", "Boolean": "java.lang.Boolean", "Short": "java.lang.Short",
        "Integer": "java.lang.Integer", "Long": "java.lang.Long", "Double": "java.lang.Double",
        "String": "java.lang.String", "Date": "java.util.Date", "Bytes": "[B",
    ]
}

// MARK: Structured types

extension VariableEntry {
    /// Text that is kept as it is.
    private func serialized(_ type: String) throws(APIError) -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .boolean, .integer, .number, .bigInteger, .array, .object:
            throw .invalidRequest(
                "Must provide 'null' or String value for value of SerializableValue type '\(type)'."
            )
        }
    }

    private func object(_ type: String) throws(APIError) -> ObjectValue {
        let text = try serialized(type)
        let typeName = try infoText("objectTypeName")
        let format = try infoText("serializationDataFormat")
        if format == ObjectValue.javaFormat {
            throw .engine("ENGINE-17007 Cannot set variable with name \(name). Java serialization format is prohibited")
        }
        guard let text else { return ObjectValue(text: nil, typeName: typeName, format: format) }
        guard let format else { throw .engine(withoutFormat(typeName: typeName, length: text.utf16.count)) }
        guard let typeName else {
            throw .engine(
                "Cannot write serialized value for variable '\(name)': "
                    + "no 'objectTypeName' provided for non-null value."
            )
        }
        return ObjectValue(text: text, typeName: typeName, format: format)
    }

    private func withoutFormat(typeName: String?, length: Int) -> String {
        "Cannot find serializer for value 'ObjectValue [value=null, isDeserialized=false, "
            + "serializationDataFormat=null, objectTypeName=\(typeName ?? "null"), "
            + "serializedValue=\(length) chars, isTransient=\(info["transient"] == true)]'."
    }

    private func infoText(_ key: String) throws(APIError) -> String? {
        switch info[key] {
        case nil, .null?: return nil
        case .string?: return try info[key]?.coercedToString()
        case .some: throw .invalidRequest("The property '\(key)' should have a value of type 'string'.")
        }
    }

    private func file() throws(APIError) -> FileValue {
        guard !info.isEmpty else { throw .invalidRequest("Cannot create file without valueInfo.") }
        guard case .string? = info["filename"], let fileName = try info["filename"]?.coercedToString() else {
            throw .invalidRequest(
                "Cannot create file without filename! Please set a name into ValueInfo with key filename"
            )
        }
        guard case .string(let text) = value, let content = Base64.decode(text, tolerating: .everything) else {
            throw .invalidRequest("Provided value is not of File, InputStream or byte[] type.")
        }
        return FileValue(
            content: content,
            name: fileName,
            mimeType: info["mimeType"]?.stringValue,
            encoding: info["encoding"]?.stringValue
        )
    }
}
