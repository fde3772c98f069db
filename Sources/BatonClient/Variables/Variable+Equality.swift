import JSON

extension Variable {
    /// Whether type and value are the same; Json and untyped values count by their content.
    public static func == (one: Variable, other: Variable) -> Bool {
        guard one.isTransient == other.isTransient else { return false }
        if one.content == other.content { return true }
        return switch (one.content, other.content) {
        case (.json(let one), .json(let other)), (.untyped(let one), .untyped(let other)):
            if let one = JSONValue(contentOf: one), let other = JSONValue(contentOf: other) {
                one == other
            } else {
                false
            }
        default: false
        }
    }

    /// Goes with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(isTransient)
        switch content {
        case .json(let text), .untyped(let text):
            hasher.combine(type)
            if let value = JSONValue(contentOf: text) { hasher.combine(value) } else { hasher.combine(text) }
        default: hasher.combine(content)
        }
    }
}

extension JSONValue {
    /// What a JSON text says, in one form of all those that say the same; nil when it is no JSON.
    fileprivate init?(contentOf text: String) {
        guard let value = try? JSONParser.parse(text) else { return nil }
        self = value.inOneForm
    }

    /// With the members of objects in order, and whole numbers without a fraction.
    private var inOneForm: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.inOneForm))
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, $0.value.inOneForm) }.sorted { $0.0 < $1.0 }))
        case .number(let number): Int64(exactly: number).map { .integer($0) } ?? self
        case .null, .boolean, .integer, .bigInteger, .string: self
        }
    }
}
