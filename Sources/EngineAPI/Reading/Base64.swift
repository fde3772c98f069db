/// Base64 (RFC 4648), as values travel in JSON.
enum Base64 {
    /// How much of what is not Base64 is let pass.
    enum Tolerance: Sendable {
        /// White space only; the padding must be right.
        case whiteSpace
        /// Everything: what is not a digit is skipped, and what is left over at the end is dropped.
        case everything
    }

    /// The bytes of a text, or nil when it is not Base64.
    static func decode(_ text: String, tolerating tolerance: Tolerance) -> [UInt8]? {
        var decoder = Decoder(tolerance: tolerance)
        decoder.bytes.reserveCapacity(text.utf8.count / 4 * 3)
        for character in text.utf8 {
            guard decoder.take(character) else { return nil }
            if decoder.isEnded, tolerance == .everything { break }
        }
        return decoder.end()
    }

    /// The text of bytes, padded, in one line.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var rest = bytes[...]
        while let first = rest.popFirst() {
            let second = rest.popFirst()
            let third = rest.popFirst()
            text.append(alphabet[Int(first >> 2)])
            text.append(alphabet[Int((first & 0x03) << 4 | (second ?? 0) >> 4)])
            text.append(second.map { alphabet[Int(($0 & 0x0F) << 2 | (third ?? 0) >> 6)] } ?? padding)
            text.append(third.map { alphabet[Int($0 & 0x3F)] } ?? padding)
        }
        return text
    }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private struct Decoder {
        let tolerance: Tolerance
        var bytes: [UInt8] = []
        private var bits: UInt32 = 0
        private var digits = 0
        private var paddings = 0

        init(tolerance: Tolerance) { self.tolerance = tolerance }

        var isEnded: Bool { paddings > 0 }

        mutating func take(_ character: UInt8) -> Bool {
            if let digit = Base64.value(of: character, alsoURLSafe: tolerance == .everything) {
                guard paddings == 0 else { return false }
                append(digit)
                return true
            }
            if character == Base64.padding {
                paddings += 1
                return true
            }
            return tolerance == .everything || character <= 0x20
        }

        private mutating func append(_ digit: UInt8) {
            bits = bits << 6 | UInt32(digit)
            digits += 1
            guard digits == 4 else { return }
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
            digits = 0
        }

        /// The last, incomplete group.
        mutating func end() -> [UInt8]? {
            if tolerance == .whiteSpace {
                guard digits == 0 ? paddings == 0 : digits > 1 && digits + paddings == 4 else { return nil }
            }
            if digits >= 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> (digits == 2 ? 4 : 10))) }
            if digits == 3 { bytes.append(UInt8(truncatingIfNeeded: bits >> 2)) }
            return bytes
        }
    }

    private static func value(of character: UInt8, alsoURLSafe: Bool) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case UInt8(ascii: "-") where alsoURLSafe: 62
        case UInt8(ascii: "_") where alsoURLSafe: 63
        default: nil
        }
    }
}
