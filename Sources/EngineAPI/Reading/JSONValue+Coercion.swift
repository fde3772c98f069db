import Expressions
import JSON

/// How a value of the wrong JSON type is read where the contract allows it. What cannot be read throws
/// ``APIError/malformedBody``; text with U+0000, which the database cannot keep, ``APIError/unstorable``.
extension JSONValue {
    /// Text; a number or Boolean in its JSON form.
    func coercedToString() throws(APIError) -> String {
        switch self {
        case .string(let text):
            guard !text.utf8.contains(0) else { throw .unstorable }
            return text
        case .integer, .number, .bigInteger, .boolean: return text
        case .null, .array, .object: throw .malformedBody
        }
    }

    /// A whole number: a fraction is cut off, text must be a whole number.
    ///
    /// Nil for empty text.
    func coercedToInteger<Number: FixedWidthInteger>() throws(APIError) -> Number? {
        switch self {
        case .integer(let value): return try Self.exactly(value)
        case .number(let value):
            guard value.isFinite, let whole = Number(exactly: value.rounded(.towardZero)) else { throw .malformedBody }
            return whole
        case .string(let text):
            let text = text.trimmingSpaces
            guard !text.isEmpty, text != "null" else { return nil }
            guard let value = Number(text) else { throw .malformedBody }
            return value
        case .null: return nil
        case .bigInteger, .boolean, .array, .object: throw .malformedBody
        }
    }

    private static func exactly<Number: FixedWidthInteger>(_ value: Int64) throws(APIError) -> Number {
        guard let number = Number(exactly: value) else { throw .malformedBody }
        return number
    }

    /// A Boolean: also as text, and a whole number that is or is not 0.
    ///
    /// Nil for empty text.
    func coercedToBool() throws(APIError) -> Bool? {
        switch self {
        case .boolean(let value): return value
        case .integer(let value): return value != 0
        case .string(let text):
            switch text.trimmingSpaces {
            case "true", "True", "TRUE": return true
            case "false", "False", "FALSE": return false
            case "", "null": return nil
            default: throw .malformedBody
            }
        case .null: return nil
        case .number, .bigInteger, .array, .object: throw .malformedBody
        }
    }

    /// A moment: text in the contract's form, or milliseconds since 1970.
    ///
    /// Nil for empty text.
    func coercedToDate() throws(APIError) -> Instant? {
        switch self {
        case .integer(let milliseconds): return Instant(millisecondsSinceEpoch: milliseconds)
        case .string(let text):
            if text.isEmpty { return nil }
            guard let date = ContractDate.parse(text) else { throw .malformedBody }
            return date
        case .null: return nil
        case .boolean, .number, .bigInteger, .array, .object: throw .malformedBody
        }
    }
}
