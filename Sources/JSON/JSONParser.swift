/// Reads JSON as RFC 8259 has it: UTF-8, no comments, no trailing commas, no single quotes.
package struct JSONParser {
    /// How deeply arrays and objects may be nested.
    package static let maximumDepth = 512
    /// The longest number, in characters.
    package static let maximumNumberLength = 1000

    /// What becomes of text after the first complete value.
    package enum TrailingText: Sendable {
        /// It is not looked at, as the REST contract has it for request bodies.
        case ignored
        /// Anything but white space is an error.
        case refused
    }

    private var cursor: JSONCursor
    private var depth = 0

    /// Reads one value from UTF-8, after a byte order mark if there is one.
    ///
    /// Of several members with one name the last counts. Half surrogate pairs in escapes are refused.
    /// - Throws: ``JSONSyntaxError`` with the offset of what is wrong.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        trailing: TrailingText = .refused
    ) throws(JSONSyntaxError) -> JSONValue {
        let parsed = bytes.withContiguousStorageIfAvailable { parse($0, trailing) }
        let result = parsed ?? Array(bytes).withUnsafeBufferPointer { parse($0, trailing) }
        return try result.get()
    }

    /// Reads one value from a text.
    ///
    /// - Throws: ``JSONSyntaxError`` with the offset, in UTF-8, of what is wrong.
    package static func parse(
        _ text: String,
        trailing: TrailingText = .refused
    ) throws(JSONSyntaxError) -> JSONValue {
        try parse(text.utf8, trailing: trailing)
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ trailing: TrailingText
    ) -> Result<JSONValue, JSONSyntaxError> {
        Result { () throws(JSONSyntaxError) in
            var parser = JSONParser(cursor: JSONCursor(bytes))
            parser.cursor.skipByteOrderMark()
            let value = try parser.value()
            if trailing == .refused { try parser.end() }
            return value
        }
    }
}

// MARK: Values

extension JSONParser {
    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch try cursor.skipWhiteSpaceAndPeek() {
        case UInt8(ascii: "\""): return .string(try cursor.string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try cursor.number()
        case UInt8(ascii: "t"): return try cursor.literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try cursor.literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try cursor.literal("null", .null)
        case let byte: throw cursor.error(.unexpectedByte(byte))
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        try descend()
        var elements: [JSONValue] = []
        if try cursor.skipWhiteSpaceAndPeek() == UInt8(ascii: "]") {
            ascend()
            return .array(elements)
        }
        while true {
            elements.append(try value())
            guard try goesOn(until: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        try descend()
        var object = JSONObject()
        if try cursor.skipWhiteSpaceAndPeek() == UInt8(ascii: "}") {
            ascend()
            return .object(object)
        }
        while true {
            try expect(UInt8(ascii: "\""))
            let key = try cursor.string()
            try expect(UInt8(ascii: ":"))
            cursor.position += 1
            object[key] = try value()
            guard try goesOn(until: UInt8(ascii: "}")) else { return .object(object) }
        }
    }

    /// Takes a comma, or the end of the array or object.
    private mutating func goesOn(until end: UInt8) throws(JSONSyntaxError) -> Bool {
        switch try cursor.skipWhiteSpaceAndPeek() {
        case UInt8(ascii: ","):
            cursor.position += 1
            return true
        case end:
            ascend()
            return false
        case let byte: throw cursor.error(.unexpectedByte(byte))
        }
    }

    private mutating func expect(_ expected: UInt8) throws(JSONSyntaxError) {
        let byte = try cursor.skipWhiteSpaceAndPeek()
        guard byte == expected else { throw cursor.error(.unexpectedByte(byte)) }
    }

    private mutating func descend() throws(JSONSyntaxError) {
        guard depth < Self.maximumDepth else { throw cursor.error(.nestedTooDeeply) }
        depth += 1
        cursor.position += 1
    }

    private mutating func ascend() {
        depth -= 1
        cursor.position += 1
    }

    private mutating func end() throws(JSONSyntaxError) {
        cursor.skipWhiteSpace()
        guard cursor.isAtEnd else { throw cursor.error(.trailingText) }
    }
}
