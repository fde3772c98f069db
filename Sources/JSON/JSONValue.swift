/// A JSON value, as read from or written to the wire.
package enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent, within 64 bits.
    case integer(Int64)
    /// A number with a fraction or an exponent, also `1.0`. What is out of a Double's range reads as an infinity.
    case number(Double)
    /// A number without fraction and exponent that 64 bits cannot hold: its sign and digits as written.
    case bigInteger(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

// MARK: Reading parts

extension JSONValue {
    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    /// The Boolean, or nil when it is none.
    package var boolValue: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The whole number, or nil when this is none or has a fraction or an exponent.
    package var int64Value: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The number, whole or not, or nil when it is none.
    package var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .bigInteger(let digits): Double(digits)
        case .null, .boolean, .string, .array, .object: nil
        }
    }

    /// The text of a string, or nil when it is none.
    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil when this is no array.
    package var arrayValue: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, or nil when this is no object.
    package var objectValue: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The member with this name, or nil when there is none or this is no object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The element at this index, or nil when there is none or this is no array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// MARK: Writing

extension JSONValue {
    /// The value as JSON in UTF-8, without white space.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The value as JSON text, without white space.
    package var text: String { String(decoding: encoded(), as: UTF8.self) }
}

// MARK: Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSONValue: ExpressibleByFloatLiteral, ExpressibleByStringInterpolation {
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
}
