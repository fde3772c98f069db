package import FoundationEssentials

// Identifiers are read and written several times in every request, and Foundation's own way goes through C's formatted
// input and output.

extension UUID {
    /// As it stands in every answer: 36 characters, lower case.
    package var text: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            withUnsafeBytes(of: uuid) { bytes in
                var position = 0
                for (index, byte) in bytes.enumerated() {
                    if Self.isHyphenBefore(byte: index) {
                        buffer[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    buffer[position] = Self.digit(byte >> 4)
                    buffer[position + 1] = Self.digit(byte & 0xf)
                    position += 2
                }
                return position
            }
        }
    }

    /// Reads what ``text`` writes, in upper or lower case; nil for anything else.
    package init?(text: String) {
        var text = text
        let bytes = text.withUTF8 { characters -> uuid_t? in
            guard characters.count == 36 else { return nil }
            var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            let isValid = withUnsafeMutableBytes(of: &bytes) { bytes in
                var position = 0
                for index in bytes.indices {
                    if Self.isHyphenBefore(byte: index) {
                        guard characters[position] == UInt8(ascii: "-") else { return false }
                        position += 1
                    }
                    guard let high = Self.value(characters[position]), let low = Self.value(characters[position + 1])
                    else { return false }
                    bytes[index] = high << 4 | low
                    position += 2
                }
                return true
            }
            return isValid ? bytes : nil
        }
        guard let bytes else { return nil }
        self.init(uuid: bytes)
    }

    private static func isHyphenBefore(byte index: Int) -> Bool {
        index == 4 || index == 6 || index == 8 || index == 10
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
