import JSON

/// Checks JSON against the schemas of an OpenAPI document.
///
/// Knows the keywords that the document uses and reports all others, so that nothing is taken for checked that is not.
struct SchemaChecker {
    /// Keywords that say nothing about what is valid.
    private static let annotations: Set<String> = ["description", "example", "default"]

    let schemas: JSONObject

    /// What is wrong with a value; nothing when it is valid.
    func problems(of value: JSONValue, against schema: JSONValue, at place: String = "body") -> [String] {
        guard case .object(let schema) = schema else { return ["\(place): the schema is no object"] }
        if let reference = schema["$ref"] {
            guard schema.count == 1 else { return ["\(place): what stands beside $ref has no effect"] }
            guard let resolved = resolve(reference) else { return ["\(place): \(reference.text) refers to nothing"] }
            return problems(of: value, against: resolved, at: place)
        }
        if value == .null, schema["nullable"] == true { return unknownKeywords(schema, at: place) }
        var problems = unknownKeywords(schema, at: place)
        for (keyword, argument) in schema where !Self.annotations.contains(keyword) {
            let flaws = check(keyword, argument, schema, value, place)
            problems += flaws.map { $0.hasPrefix(place) ? $0 : "\(place): \($0)" }
        }
        return problems
    }

    private func resolve(_ reference: JSONValue) -> JSONValue? {
        let prefix = "#/components/schemas/"
        guard let text = reference.stringValue, text.hasPrefix(prefix) else { return nil }
        return schemas[String(text.dropFirst(prefix.count))]
    }

    /// What is wrong with a schema itself, at whatever depth.
    func flaws(of schema: JSONValue, at place: String) -> [String] {
        guard case .object(let object) = schema else { return [] }
        if object["$ref"] != nil { return object.count == 1 ? [] : ["\(place): what stands beside $ref has no effect"] }
        var inner = (object["properties"]?.members ?? [:]).map { (key: $0.key, value: $0.value) }
        for keyword in ["items", "additionalProperties"] {
            if let schema = object[keyword] { inner.append((key: keyword, value: schema)) }
        }
        return unknownKeywords(object, at: place) + inner.flatMap { flaws(of: $0.value, at: "\(place).\($0.key)") }
    }

    private func unknownKeywords(_ schema: JSONObject, at place: String) -> [String] {
        let known = Self.annotations.union([
            "type", "nullable", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxItems", "items",
            "properties", "required", "additionalProperties",
        ])
        return schema.keys.filter { !known.contains($0) }.map { "\(place): the keyword \($0) is not known" }
    }

    private func check(
        _ keyword: String,
        _ argument: JSONValue,
        _ schema: JSONObject,
        _ value: JSONValue,
        _ place: String
    ) -> [String] {
        switch keyword {
        case "type": Self.has(value, type: argument) ? [] : ["\(value.text) is no \(argument.text)"]
        case "enum": argument.arrayValue?.contains(value) == true ? [] : ["\(value.text) is none of \(argument.text)"]
        case "format": Self.has(value, format: argument) ? [] : ["\(value.text) is no \(argument.text)"]
        case "pattern": Self.matches(value, argument) ? [] : ["\(value.text) does not match \(argument.text)"]
        case "minimum": Self.isOrdered(argument, value) ? [] : ["\(value.text) is less than \(argument.text)"]
        case "maximum": Self.isOrdered(value, argument) ? [] : ["\(value.text) is more than \(argument.text)"]
        case "minLength": Self.isLong(value, argument) ? [] : ["\(value.text) is too short"]
        case "maxItems": Self.isShort(value, argument) ? [] : ["has too many elements"]
        case "items":
            (value.arrayValue ?? []).enumerated().flatMap { index, element in
                problems(of: element, against: argument, at: "\(place)[\(index)]")
            }
        case "properties":
            argument.members.flatMap { name, schema in
                value[name].map { problems(of: $0, against: schema, at: "\(place).\(name)") } ?? []
            }
        case "required":
            (argument.arrayValue ?? []).compactMap(\.stringValue).filter { value[$0] == nil }.map { "\($0) is missing" }
        case "additionalProperties": others(value, schema, argument, place)
        default: []
        }
    }

    /// The members that are not among `properties`.
    private func others(_ value: JSONValue, _ schema: JSONObject, _ argument: JSONValue, _ place: String) -> [String] {
        let known = schema["properties"]?.members ?? [:]
        let others = value.members.filter { known[$0.key] == nil }
        switch argument {
        case true: return []
        case false: return others.map { "the member \($0.key) is not described" }
        default: return others.flatMap { problems(of: $0.value, against: argument, at: "\(place).\($0.key)") }
        }
    }
}

extension SchemaChecker {
    private static func has(_ value: JSONValue, type: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .boolean), ("integer", .integer),
            ("number", .integer), ("number", .number):
            true
        default: false
        }
    }

    private static func has(_ value: JSONValue, format: JSONValue) -> Bool {
        switch format {
        case "int32": value.int64Value.map { Int32(exactly: $0) != nil } ?? true
        case "int64": true
        case "binary": true
        default: false
        }
    }

    private static func matches(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
        guard let text = value.stringValue else { return true }
        guard let pattern = pattern.stringValue, let regex = try? Regex(pattern) else { return false }
        return text.contains(regex)
    }

    private static func isOrdered(_ first: JSONValue, _ second: JSONValue) -> Bool {
        guard let first = first.doubleValue, let second = second.doubleValue else { return true }
        return first <= second
    }

    private static func isShort(_ value: JSONValue, _ most: JSONValue) -> Bool {
        guard let elements = value.arrayValue, let most = most.int64Value else { return true }
        return elements.count <= most
    }

    private static func isLong(_ value: JSONValue, _ least: JSONValue) -> Bool {
        guard let text = value.stringValue, let least = least.int64Value else { return true }
        return text.unicodeScalars.count >= least
    }
}

extension JSONValue {
    /// The members of an object; none of anything else.
    fileprivate var members: JSONObject { objectValue ?? [:] }
}
