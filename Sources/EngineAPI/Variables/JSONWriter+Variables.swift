import EngineCore
import JSON

/// How structured values are answered.
enum ValueForm: Sendable {
    /// As the text that is stored.
    case serialized
    /// Objects in JSON as JSON.
    case deserialized
}

extension JSONWriter {
    /// Writes a variable as an object: `{"type": …, "value": …, "valueInfo": …}`.
    ///
    /// - Throws: ``APIError`` when an object that should be JSON is none.
    mutating func variable(_ name: String, _ value: VariableValue, as form: ValueForm) throws(APIError) {
        beginObject()
        try variableMembers(name, value, as: form)
        endObject()
    }

    /// Writes the members `type`, `value` and `valueInfo` into an object that is begun.
    ///
    /// - Parameters:
    ///   - name: The variable's name, for the error.
    ///   - value: The variable's value.
    ///   - form: How an object is written.
    /// - Throws: ``APIError`` when an object that should be JSON is none.
    mutating func variableMembers(_ name: String, _ value: VariableValue, as form: ValueForm) throws(APIError) {
        members(value, form == .deserialized ? try value.deserialized(name) : nil)
    }

    /// Writes the members `type`, `value`, `valueInfo` and `errorMessage` of a variable in a list: one that cannot be
    /// read does not fail the whole list.
    mutating func listedValue(_ name: String, _ value: VariableValue, as form: ValueForm) {
        do throws(APIError) {
            try variableMembers(name, value, as: form)
            nulls("errorMessage")
        } catch {
            members(value.withoutText, nil)
            member("errorMessage", error.message)
        }
    }

    /// Writes a value; an object as `json`, if that is given.
    private mutating func members(_ value: VariableValue, _ json: JSONValue?) {
        member("type", value.typeName)
        key("value")
        switch value {
        case .null: null()
        case .boolean(let boolean): self.value(boolean)
        case .short(let number): self.value(number.map(Int32.init))
        case .integer(let number): self.value(number)
        case .long(let number): self.value(number)
        case .double(let number): self.value(number)
        case .string(let text): self.value(text)
        case .date(let date): if let date { self.date(date) } else { null() }
        case .bytes(let bytes): if let bytes { raw(Base64.encodeQuoted(bytes)) } else { null() }
        case .json(let text): self.value(text)
        case .xml(let text): self.value(text)
        case .object(let object): return objectMembers(object, json)
        case .file(let file):
            null()
            return fileInfo(file)
        }
        key("valueInfo")
        beginObject()
        endObject()
    }

    /// Writes a map of variables by name.
    ///
    /// - Throws: ``APIError`` when an object that should be JSON is none.
    mutating func variables(
        _ variables: some Sequence<(name: String, value: VariableValue)>,
        as form: ValueForm
    ) throws(APIError) {
        beginObject()
        for (name, value) in variables {
            key(name)
            try variable(name, value, as: form)
        }
        endObject()
    }

    private mutating func fileInfo(_ file: FileValue) {
        key("valueInfo")
        beginObject()
        member("filename", file.name)
        if let mimeType = file.mimeType { member("mimeType", mimeType) }
        if let encoding = file.encoding { member("encoding", encoding) }
        endObject()
    }

    private mutating func objectMembers(_ object: ObjectValue, _ json: JSONValue?) {
        var typeName = object.typeName
        if let json {
            typeName = typeName.map { ObjectTypeName($0).refined(by: json) }
            write(json)
        } else {
            value(object.text)
        }
        key("valueInfo")
        beginObject()
        if let typeName { member("objectTypeName", typeName) }
        if let format = object.format { member("serializationDataFormat", format) }
        endObject()
    }
}

extension VariableValue {
    /// Reads an object's text as JSON.
    ///
    /// - Parameter name: The variable's name, for the error.
    /// - Returns: Nil for null and for all other values, which need not be deserialized.
    /// - Throws: ``APIError`` when it is not JSON.
    func deserialized(_ name: String) throws(APIError) -> JSONValue? {
        guard case .object(let object) = self, let text = object.text else { return nil }
        guard object.format == ObjectValue.jsonFormat else {
            let format = object.format ?? "null"
            throw .engine("Cannot deserialize object in variable '\(name)': no reader for format '\(format)'")
        }
        guard let json = try? JSONParser.parse(text) else {
            throw .engine("Cannot deserialize object in variable '\(name)': it is not well-formed JSON")
        }
        return json
    }

    /// What is known of an object whose text cannot be read.
    fileprivate var withoutText: VariableValue {
        guard case .object(let object) = self else { return self }
        return .object(ObjectValue(text: nil, typeName: object.typeName, format: object.format))
    }
}

/// The Java type of an object in JSON.
struct ObjectTypeName: Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    /// The type as it shows when the object has been read: collections name the type of what they hold, lists that of
    /// their first element.
    func refined(by json: JSONValue) -> String {
        let raw = text.prefix { $0 != "<" }
        switch json {
        case .array(let elements) where raw.hasPrefix("java.util.") && (raw.hasSuffix("List") || raw.hasSuffix("Set")):
            return "\(raw)<\(elements.first.map(Self.name) ?? Self.anything)>"
        case .object where raw.hasPrefix("java.util.") && raw.hasSuffix("Map"):
            return "\(raw)<\(Self.anything),\(Self.anything)>"
        case .null, .boolean, .integer, .number, .bigInteger, .string, .array, .object:
            return text
        }
    }

    private static let anything = "java.lang.Object"

    private static func name(of json: JSONValue) -> String {
        switch json {
        case .null: anything
        case .boolean: "java.lang.Boolean"
        case .integer(let value): Int32(exactly: value) == nil ? "java.lang.Long" : "java.lang.Integer"
        case .number: "java.lang.Double"
        case .bigInteger: "java.math.BigInteger"
        case .string: "java.lang.String"
        case .array: "java.util.ArrayList<\(anything)>"
        case .object: "java.util.LinkedHashMap<\(anything),\(anything)>"
        }
    }
}
