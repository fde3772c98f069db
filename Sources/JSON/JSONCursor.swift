/// A place in JSON text, and the reading of what has no parts: strings and literals.
struct JSONCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The byte here, or nil at the end.
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ reason: JSONSyntaxError.Reason, at offset: Int? = nil) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: offset ?? position)
    }

    mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    mutating func skipWhiteSpaceAndPeek() throws(JSONSyntaxError) -> UInt8 {
        skipWhiteSpace()
        guard let byte = peek else { throw error(.unexpectedEnd) }
        return byte
    }

    mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for (offset, byte) in expected.enumerated() {
            guard position + offset < bytes.count else { throw error(.unexpectedEnd, at: bytes.count) }
            guard bytes[position + offset] == byte else { throw error(.invalidLiteral) }
        }
        position += expected.count
        return value
    }
}

// MARK: Strings

extension JSONCursor {
    /// Reads a string whose opening quotation mark is here.
    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        let stop = try endOfRun()
        if stop == UInt8(ascii: "\"") {
            let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), from: start)
            position += 1
            return text
        }
        return try escapedString(from: start)
    }

    /// Goes on to the next quotation mark or backslash, which it returns.
    private mutating func endOfRun() throws(JSONSyntaxError) -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return byte }
            guard byte >= 0x20 else { throw error(.controlCharacter) }
            position += 1
        }
        throw error(.unexpectedEnd)
    }

    /// Reads the rest of a string that began at `start` and has its first backslash here.
    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var unescaped: [UInt8] = []
        var runStart = start
        while true {
            let stop = try endOfRun()
            unescaped.append(contentsOf: bytes[runStart..<position])
            position += 1
            if stop == UInt8(ascii: "\"") { break }
            try escape(into: &unescaped)
            runStart = position
        }
        guard let text = String(validating: unescaped, as: UTF8.self) else { throw error(.invalidUTF8, at: start) }
        return text
    }

    private func text(_ run: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: run, as: UTF8.self) else { throw error(.invalidUTF8, at: start) }
        return text
    }

    /// Reads what follows a backslash.
    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = peek else { throw error(.unexpectedEnd) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: Character(try scalar()).utf8)
        default: throw error(.invalidEscape, at: position - 1)
        }
    }

    /// Reads the digits of one `\u` escape, or of the two of a surrogate pair.
    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = position
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), peek == UInt8(ascii: "\\") else { throw error(.loneSurrogate, at: start) }
        position += 1
        guard peek == UInt8(ascii: "u") else { throw error(.loneSurrogate, at: start) }
        position += 1
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw error(.loneSurrogate, at: start) }
        let value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
        guard let scalar = Unicode.Scalar(value) else { throw error(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw error(.unexpectedEnd) }
            guard let digit = Self.hexadecimalDigit(byte) else { throw error(.invalidEscape) }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
