/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Hashable {
    package var reason: Reason
    /// Bytes from the beginning of the text to what is wrong.
    package var offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// What is wrong with a text that should be JSON.
    package enum Reason: Sendable, Hashable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case invalidLiteral
        case invalidNumber
        case numberTooLong
        case invalidEscape
        case loneSurrogate
        case controlCharacter
        case invalidUTF8
        case nestedTooDeeply
        case trailingText
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    package var description: String { "\(reason) at byte \(offset)" }
}

extension JSONSyntaxError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unexpectedEnd: "Unexpected end of JSON"
        case .unexpectedByte(let byte): "Unexpected \(Self.name(of: byte)) in JSON"
        case .invalidLiteral: "Expected true, false or null"
        case .invalidNumber: "Invalid number"
        case .numberTooLong: "Number of more than \(JSONParser.maximumNumberLength) characters"
        case .invalidEscape: "Invalid escape sequence"
        case .loneSurrogate: "Half of a surrogate pair"
        case .controlCharacter: "Control character in a string"
        case .invalidUTF8: "Invalid UTF-8"
        case .nestedTooDeeply: "Nested more than \(JSONParser.maximumDepth) deep"
        case .trailingText: "Text after the end of the JSON value"
        }
    }

    private static func name(of byte: UInt8) -> String {
        guard (0x21...0x7E).contains(byte) else { return "byte 0x\(String(byte, radix: 16, uppercase: true))" }
        return "'\(Character(Unicode.Scalar(byte)))'"
    }
}
