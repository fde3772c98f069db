/// What stands before the root element, looked at before any parser runs.
///
/// A document type declaration can declare entities that grow without bound or name other files. Models need none, so
/// files with one are refused before a parser sees them. The look ahead is safe only for encodings in which markup is
/// written as in ASCII; all others are refused as well.
enum XMLProlog {
    /// Finds a reason not to parse the file at all.
    static func check(_ bytes: [UInt8]) throws(XMLProblem) {
        var scanner = try Scanner(start(of: bytes))
        scanner.skipSpace()
        while scanner.starts(with: "<?") || scanner.starts(with: "<!--") {
            if scanner.starts(with: "<?") {
                let instruction = scanner.take(through: "?>")
                try checkEncoding(in: instruction)
            } else {
                _ = scanner.take(through: "-->")
            }
            scanner.skipSpace()
        }
        if scanner.starts(with: "<!") {
            let message = "A document type declaration (DOCTYPE) is not allowed"
            throw XMLProblem(message, line: scanner.line, column: scanner.column)
        }
    }

    /// The bytes behind a byte order mark, one for each character of UTF-16; a foreign character is zero.
    private static func start(of bytes: [UInt8]) throws(XMLProblem) -> [UInt8] {
        switch (bytes.first, bytes.dropFirst().first, bytes.dropFirst(2).first, bytes.dropFirst(3).first) {
        case (0xEF, 0xBB, 0xBF, _): return Array(bytes.dropFirst(3))
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF), (0, 0, 0, 0x3C), (0x3C, 0, 0, 0): throw unknown("UTF-32")
        case (0xFF, 0xFE, _, _): return narrow(bytes, from: 2, low: 0)
        case (0xFE, 0xFF, _, _): return narrow(bytes, from: 2, low: 1)
        case (0x3C, 0, _, _): return narrow(bytes, from: 0, low: 0)
        case (0, 0x3C, _, _): return narrow(bytes, from: 0, low: 1)
        case (0x4C, 0x6F, 0xA7, 0x94): throw unknown("EBCDIC")
        default: return bytes
        }
    }

    private static func unknown(_ encoding: String) -> XMLProblem {
        XMLProblem("The encoding \(encoding) is not supported", line: 1, column: 1)
    }

    private static func narrow(_ bytes: [UInt8], from start: Int, low: Int) -> [UInt8] {
        stride(from: start, to: bytes.count - 1, by: 2).map { bytes[$0 + 1 - low] == 0 ? bytes[$0 + low] : 0 }
    }

    private static func checkEncoding(in instruction: ArraySlice<UInt8>) throws(XMLProblem) {
        let text = String(decoding: instruction, as: UTF8.self)
        guard text.hasPrefix("<?xml"), let named = text.firstRange(of: "encoding") else { return }
        let value = text[named.upperBound...].drop { $0.isWhitespace || $0 == "=" || $0 == "\"" || $0 == "'" }
        let name = value.prefix { !"\"' \t\r\n?".contains($0) }.uppercased()
        let known = ["UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII"]
        guard known.contains(name) || name.hasPrefix("ISO-8859-") || name.hasPrefix("WINDOWS-125") else {
            throw unknown(name)
        }
    }
}

/// Walks over bytes.
private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    var line: Int { bytes[..<position].count { $0 == 0x0A } + 1 }

    var column: Int { position - (bytes[..<position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1 }

    /// Everything up to and including `end`; all that is left when there is no `end`.
    mutating func take(through end: StaticString) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, !starts(with: end) { position += 1 }
        position = min(position + end.utf8CodeUnitCount, bytes.count)
        return bytes[start..<position]
    }
}
