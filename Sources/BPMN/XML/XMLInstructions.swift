/// Processing instructions, which models do not need but may have.
///
/// Foundation's parser stops the process at an instruction that is nothing but a name, `<?name?>`, wherever it stands.
/// Names mean nothing here, so such a one is given some content before the parser sees it.
enum XMLInstructions {
    /// The file with spaces in place of the names of instructions that have no content, all but the first letter; as
    /// long as before, so that places stay what they are.
    ///
    /// Comments and CDATA sections stay as they are. An instruction called `xml` does too: the parser refuses it.
    static func withContent(_ bytes: [UInt8]) -> [UInt8] {
        let units = CodeUnits(of: bytes)
        var result = bytes
        var position = 0
        while let start = units.firstIndex(of: "<", from: position) {
            if units.starts(with: "<!--", at: start) {
                position = units.end(of: "-->", from: start + 4)
            } else if units.starts(with: "<![CDATA[", at: start) {
                position = units.end(of: "]]>", from: start + 9)
            } else if units.starts(with: "<?", at: start) {
                position = units.end(of: "?>", from: start + 2)
                guard position >= start + 4, units.starts(with: "?>", at: position - 2) else { break }
                let name = start + 2..<position - 2
                for unit in blanks(in: name, of: units) { units.blank(unit, in: &result) }
            } else {
                position = start + 1
            }
        }
        return result
    }

    /// What to replace of an instruction whose inside this is: nothing when there is more than a name.
    private static func blanks(in name: Range<Int>, of units: CodeUnits) -> Range<Int> {
        guard let first = name.first, name.allSatisfy({ isPartOfName(units[$0]) }) else { return 0..<0 }
        guard !"-.0123456789".utf8.contains(units[first]) else { return 0..<0 }
        let isDeclaration = name.count == 3 && zip(name, "xml".utf8).allSatisfy { units[$0] | 0x20 == $1 }
        guard !isDeclaration else { return 0..<0 }
        // A name of one letter, or one that begins with a letter of several bytes, goes with its brackets.
        let keepsFirst = name.count > 1 && (0x21...0x7E).contains(units[first])
        return keepsFirst ? first + 1..<name.upperBound : first - 2..<name.upperBound + 2
    }

    /// Whether a name may have this character; all that are not ASCII count as such that it may.
    private static func isPartOfName(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-")...UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"), 0, 0x80...:
            true
        default: false
        }
    }
}

/// The code units of a file in an encoding that writes markup as ASCII does, in one byte or two.
private struct CodeUnits {
    private let bytes: [UInt8]
    private let width: Int
    /// Where in a unit the byte stands that an ASCII character has.
    private let low: Int
    let count: Int

    init(of bytes: [UInt8]) {
        self.bytes = bytes
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE), (0x3C, 0): (width, low) = (2, 0)
        case (0xFE, 0xFF), (0, 0x3C): (width, low) = (2, 1)
        default: (width, low) = (1, 0)
        }
        count = bytes.count / width
    }

    /// The ASCII character of a unit; 0 for any other one of two bytes.
    subscript(index: Int) -> UInt8 {
        guard width == 2 else { return bytes[index] }
        return bytes[2 * index + 1 - low] == 0 ? bytes[2 * index + low] : 0
    }

    func starts(with text: StaticString, at index: Int) -> Bool {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return index + expected.count <= count && expected.indices.allSatisfy { self[index + $0] == expected[$0] }
    }

    func firstIndex(of character: Unicode.Scalar, from start: Int) -> Int? {
        guard start < count else { return nil }
        return (start..<count).first { self[$0] == UInt8(ascii: character) }
    }

    /// The index behind the next `text`, or behind everything when there is none.
    func end(of text: StaticString, from start: Int) -> Int {
        var index = start
        while index < count, !starts(with: text, at: index) { index += 1 }
        return min(index + text.utf8CodeUnitCount, count)
    }

    func blank(_ index: Int, in bytes: inout [UInt8]) {
        if width == 2 { bytes[2 * index + 1 - low] = 0 }
        bytes[width * index + low] = UInt8(ascii: " ")
    }
}
