package import Expressions
import JSON
import OrderedCollections

extension VariableValue {
    /// The variable that a value of an expression makes.
    ///
    /// Lists and maps become objects in JSON.
    package init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .short(let value): self = .short(value)
        case .integer(let value): self = .integer(value)
        case .long(let value): self = .long(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .date(let value): self = .date(value)
        case .bytes(let value): self = .bytes(value)
        case .list: self = .object(Self.object(value, typeName: "java.util.ArrayList"))
        case .map: self = .object(Self.object(value, typeName: "java.util.LinkedHashMap"))
        case .opaque(let typeName, let text):
            self = .object(ObjectValue(text: text, typeName: typeName, format: ObjectValue.jsonFormat))
        }
    }

    private static func object(_ value: Value, typeName: String) -> ObjectValue {
        ObjectValue(text: JSONValue(value).text, typeName: typeName, format: ObjectValue.jsonFormat)
    }
}

extension Value {
    /// What an expression sees of a variable.
    ///
    /// An object in JSON is a list or a map if it is one; other structured
    /// values are opaque.
    package init(_ value: VariableValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = value.map { .boolean($0) } ?? .null
        case .short(let value): self = value.map { .short($0) } ?? .null
        case .integer(let value): self = value.map { .integer($0) } ?? .null
        case .long(let value): self = value.map { .long($0) } ?? .null
        case .double(let value): self = value.map { .double($0) } ?? .null
        case .string(let value): self = value.map { .string($0) } ?? .null
        case .date(let value): self = value.map { .date($0) } ?? .null
        case .bytes(let value): self = value.map { .bytes($0) } ?? .null
        case .json(let text): self = text.map { .opaque(typeName: "Json", text: $0) } ?? .null
        case .xml(let text): self = text.map { .opaque(typeName: "Xml", text: $0) } ?? .null
        case .object(let object): self = Self.value(of: object)
        case .file(let file): self = .opaque(typeName: "File", text: file.name)
        }
    }

    private static func value(of object: ObjectValue) -> Value {
        guard let text = object.text else { return .null }
        guard object.format == ObjectValue.jsonFormat, let json = try? JSONParser.parse(Array(text.utf8)) else {
            return .opaque(typeName: object.typeName ?? "Object", text: text)
        }
        return Value(json)
    }

    private init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = Int32(exactly: value).map { .integer($0) } ?? .long(value)
        case .number(let value): self = .double(value)
        case .bigInteger(let digits): self = .double(Double(digits) ?? .nan)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .list(elements.map { Value($0) })
        case .object(let object):
            self = .map(OrderedDictionary(object.map { ($0.key, Value($0.value)) }, uniquingKeysWith: { $1 }))
        }
    }
}

extension JSONValue {
    fileprivate init(_ value: Expressions.Value) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .short(let value): self = .integer(Int64(value))
        case .integer(let value): self = .integer(Int64(value))
        case .long(let value): self = .integer(value)
        case .double(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .date(let value): self = .integer(value.millisecondsSinceEpoch)
        case .bytes(let value): self = .array(value.map { .integer(Int64($0)) })
        case .list(let values): self = .array(values.map { JSONValue($0) })
        case .map(let map):
            var object = JSONObject()
            for (key, value) in map { object[key] = JSONValue(value) }
            self = .object(object)
        case .opaque(_, let text): self = text.map { .string($0) } ?? .null
        }
    }
}
