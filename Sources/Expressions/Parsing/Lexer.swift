/// Cuts the inside of a `${…}` into tokens.
struct Lexer {
    let text: [Unicode.Scalar]
    var position: Int

    /// The next token; `.end` at the end of the text, again and again.
    mutating func next() throws(ExpressionSyntaxError) -> Token {
        while let scalar = peek, scalar.properties.isWhitespace || scalar.value < 0x20 { position += 1 }
        let start = position
        guard let scalar = peek else { return Token(kind: .end, offset: start) }
        let kind: Token.Kind
        if scalar.isDigit || scalar == "." && peek(1)?.isDigit == true {
            kind = .literal(try number())
        } else if scalar == "'" || scalar == "\"" {
            kind = .literal(.string(try string(quotedBy: scalar)))
        } else if scalar.beginsName {
            kind = name()
        } else {
            kind = try symbol(scalar)
        }
        return Token(kind: kind, offset: start)
    }

    private var peek: Unicode.Scalar? { peek(0) }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < text.count ? text[position + distance] : nil
    }

    private mutating func symbol(_ scalar: Unicode.Scalar) throws(ExpressionSyntaxError) -> Token.Kind {
        if let second = peek(1), let kind = Token.Kind.pairs[String(Character(scalar)) + String(Character(second))] {
            position += 2
            return kind
        }
        guard let kind = Token.Kind.marks[scalar] else {
            let reason = scalar == "=" ? "Assignment is not supported" : "Unexpected '\(scalar)'"
            throw ExpressionSyntaxError(reason: reason, offset: position)
        }
        position += 1
        return kind
    }

    private mutating func name() -> Token.Kind {
        var name = String.UnicodeScalarView()
        while let scalar = peek, scalar.continuesName {
            name.append(scalar)
            position += 1
        }
        let word = String(name)
        return Token.Kind.reserved[word] ?? .name(word)
    }

    private mutating func string(quotedBy quote: Unicode.Scalar) throws(ExpressionSyntaxError) -> String {
        let start = position
        position += 1
        var content = String.UnicodeScalarView()
        while let scalar = peek {
            position += 1
            if scalar == quote { return String(content) }
            if scalar != "\\" {
                content.append(scalar)
            } else if let escaped = peek, escaped == "\\" || escaped == quote {
                content.append(escaped)
                position += 1
            } else {
                let reason = "In a string, \\ may only stand before \(quote) and \\"
                throw ExpressionSyntaxError(reason: reason, offset: position - 1)
            }
        }
        throw ExpressionSyntaxError(reason: "A string has no end", offset: start)
    }
}

// MARK: Numbers

extension Lexer {
    private mutating func number() throws(ExpressionSyntaxError) -> Value {
        let start = position
        var digits = takeDigits()
        var isWhole = true
        if peek == "." {
            isWhole = false
            position += 1
            let fraction = takeDigits()
            digits = "\(digits.isEmpty ? "0" : digits).\(fraction.isEmpty ? "0" : fraction)"
        }
        if let exponent = takeExponent() {
            isWhole = false
            digits += exponent
        }
        if isWhole, let value = Int64(digits) { return .long(value) }
        guard !isWhole, let value = Double(digits) else {
            throw ExpressionSyntaxError(reason: "The number \(digits) is too large", offset: start)
        }
        return .double(value)
    }

    private mutating func takeDigits() -> String {
        var digits = String.UnicodeScalarView()
        while let scalar = peek, scalar.isDigit {
            digits.append(scalar)
            position += 1
        }
        return String(digits)
    }

    /// Takes an exponent with at least one digit, or nothing.
    private mutating func takeExponent() -> String? {
        guard let letter = peek, letter == "e" || letter == "E" else { return nil }
        let sign = peek(1).flatMap { $0 == "+" || $0 == "-" ? $0 : nil }
        guard peek(sign == nil ? 1 : 2)?.isDigit == true else { return nil }
        position += sign == nil ? 1 : 2
        return "e\(sign.map(String.init) ?? "")\(takeDigits())"
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

    fileprivate var beginsName: Bool {
        if isASCII { return ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" || self == "$" }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .currencySymbol, .connectorPunctuation:
            return true
        default: return false
        }
    }

    fileprivate var continuesName: Bool {
        if beginsName || isDigit { return true }
        switch properties.generalCategory {
        case .decimalNumber, .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }
}
