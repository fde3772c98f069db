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
        var text = text
        return text.withUTF8 { decode($0, tolerating: tolerance) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>, tolerating tolerance: Tolerance) -> [UInt8]? {
        var decoder = Decoder(tolerance: tolerance)
        decoder.bytes.reserveCapacity(text.count / 4 * 3 + 3)
        let plain = decoder.takeGroups(text)
        for character in text[plain...] {
            guard decoder.take(character) else { return nil }
            if decoder.isEnded, tolerance == .everything { break }
        }
        return decoder.end()
    }

    /// The text of bytes, padded, in one line.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: encodedCount(bytes)) { text, count in
            count = encode(bytes, into: text)
        }
    }

    /// The text of bytes between quotation marks: a string in JSON.
    static func encodeQuoted(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: encodedCount(bytes) + 2) { text, count in
            text[0] = UInt8(ascii: "\"")
            count = 1 + encode(bytes, into: UnsafeMutableBufferPointer(rebasing: text[1...]))
            text[count] = UInt8(ascii: "\"")
            count += 1
        }
    }

    private static func encodedCount(_ bytes: [UInt8]) -> Int { (bytes.count + 2) / 3 * 4 }

    /// Writes the text to a buffer that has room for it; returns its length.
    private static func encode(_ bytes: [UInt8], into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        alphabet.withUnsafeBufferPointer { alphabet in
            bytes.withUnsafeBufferPointer { bytes in
                var position = 0
                var end = 0
                while position < bytes.count {
                    let count = bytes.count - position
                    let first = bytes[position]
                    let second = count > 1 ? bytes[position + 1] : 0
                    let third = count > 2 ? bytes[position + 2] : 0
                    text[end] = alphabet[Int(first >> 2)]
                    text[end + 1] = alphabet[Int((first & 0x03) << 4 | second >> 4)]
                    text[end + 2] = count > 1 ? alphabet[Int((second & 0x0F) << 2 | third >> 6)] : padding
                    text[end + 3] = count > 2 ? alphabet[Int(third & 0x3F)] : padding
                    position += 3
                    end += 4
                }
                return end
            }
        }
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

        /// Takes groups of four digits, as nearly all text is, up to the first that is none; returns where that begins.
        mutating func takeGroups(_ text: UnsafeBufferPointer<UInt8>) -> Int {
            Base64.values.withUnsafeBufferPointer { values in
                var position = 0
                while position + 4 <= text.count {
                    let first = values[Int(text[position])]
                    let second = values[Int(text[position + 1])]
                    let third = values[Int(text[position + 2])]
                    let fourth = values[Int(text[position + 3])]
                    guard first | second | third | fourth < 64 else { break }
                    bytes.append(first << 2 | second >> 4)
                    bytes.append(second << 4 | third >> 2)
                    bytes.append(third << 6 | fourth)
                    position += 4
                }
                return position
            }
        }

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

    /// The value of each character as a digit; 255 of those that are none.
    private static let values = (0...UInt8.max).map { value(of: $0, alsoURLSafe: false) ?? 255 }

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
