import Expressions
import JSON

/// The members of a JSON object in a request, read as the contract reads them: unknown members are ignored, numbers are
/// text where text is wanted and the other way round, and what is missing is null.
///
/// Everything that cannot be read throws ``APIError/malformedBody``.
struct JSONFields: Sendable {
    let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    /// The members of a value that must be an object.
    init(_ value: JSONValue) throws(APIError) {
        guard case .object(let object) = value else { throw .malformedBody }
        self.object = object
    }

    /// The member's value; nil when it is missing or null.
    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    /// Whether the member is there, be it as null.
    func has(_ name: String) -> Bool { object[name] != nil }

    /// A text, or a number or Boolean as text.
    func string(_ name: String) throws(APIError) -> String? {
        try value(name)?.coercedToString()
    }

    /// A text that may not be missing or null.
    func required(_ name: String) throws(APIError) -> String {
        guard let text = try string(name) else { throw .missing(name) }
        return text
    }

    /// A number of 32 bits, or nil.
    func optionalInt32(_ name: String) throws(APIError) -> Int32? {
        try value(name)?.coercedToInteger()
    }

    /// A number of 64 bits, or nil.
    func optionalInt64(_ name: String) throws(APIError) -> Int64? {
        try value(name)?.coercedToInteger()
    }

    /// A number of 32 bits; 0 when missing or null.
    func int32(_ name: String) throws(APIError) -> Int32 { try optionalInt32(name) ?? 0 }

    /// A number of 64 bits; 0 when missing or null.
    func int64(_ name: String) throws(APIError) -> Int64 { try optionalInt64(name) ?? 0 }

    /// A Boolean, or nil.
    func optionalBool(_ name: String) throws(APIError) -> Bool? {
        try value(name)?.coercedToBool()
    }

    /// A Boolean; false when missing or null.
    func bool(_ name: String) throws(APIError) -> Bool { try optionalBool(name) ?? false }

    /// A moment: text in the contract's form, or milliseconds since 1970; nil also for empty text.
    func date(_ name: String) throws(APIError) -> Instant? {
        try value(name)?.coercedToDate()
    }

    /// The texts of a list; an element may be null.
    func strings(_ name: String) throws(APIError) -> [String?]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else { throw .malformedBody }
        var texts: [String?] = []
        texts.reserveCapacity(elements.count)
        for element in elements { texts.append(element.isNull ? nil : try element.coercedToString()) }
        return texts
    }

    /// The members of an object.
    func fields(_ name: String) throws(APIError) -> JSONFields? {
        guard let value = value(name) else { return nil }
        return try JSONFields(value)
    }

    /// The objects of a list; an element may be null.
    func list(_ name: String) throws(APIError) -> [JSONFields?]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else { throw .malformedBody }
        var list: [JSONFields?] = []
        list.reserveCapacity(elements.count)
        for element in elements { list.append(element.isNull ? nil : try JSONFields(element)) }
        return list
    }
}
