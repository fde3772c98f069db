/// Splits a text into what is literal and what is to be evaluated.
struct Template {
    private let text: [Unicode.Scalar]
    private var position = 0
    private var parts: [Part] = []
    private var literal = String.UnicodeScalarView()
    /// What the first expression began with: `$` or `#`.
    private var opening: Unicode.Scalar?

    /// Literal text, or one expression of a composite text.
    enum Part: Sendable {
        case text(String)
        case expression(Syntax)
    }

    static func parse(_ text: String) throws(ExpressionSyntaxError) -> Expression.Content {
        guard text.utf8.count <= ExpressionLimits.textLength else {
            let reason = "An expression may have at most \(ExpressionLimits.textLength) bytes, not \(text.utf8.count)"
            throw ExpressionSyntaxError(reason: reason, offset: 0)
        }
        guard text.utf8.contains(UInt8(ascii: "{")) else { return .literal(text) }
        var template = Template(text: Array(text.unicodeScalars))
        try template.split()
        return template.content
    }

    private init(text: [Unicode.Scalar]) {
        self.text = text
    }

    private var content: Expression.Content {
        switch parts.first {
        case nil: .literal("")
        case .text(let text) where parts.count == 1: .literal(text)
        case .expression(let syntax) where parts.count == 1: .single(syntax)
        default: .composite(parts)
        }
    }

    private mutating func split() throws(ExpressionSyntaxError) {
        while position < text.count {
            if text[position] == "\\", begins(at: position + 1) {
                literal.append(contentsOf: text[(position + 1)...(position + 2)])
                position += 3
            } else if begins(at: position) {
                try expression()
            } else {
                literal.append(text[position])
                position += 1
            }
        }
        endLiteral()
    }

    /// Whether `${` or `#{` stands there.
    private func begins(at index: Int) -> Bool {
        index + 1 < text.count && (text[index] == "$" || text[index] == "#") && text[index + 1] == "{"
    }

    private mutating func expression() throws(ExpressionSyntaxError) {
        if let opening, opening != text[position] {
            throw ExpressionSyntaxError(reason: "${…} and #{…} cannot be mixed in one text", offset: position)
        }
        opening = text[position]
        endLiteral()
        var parser = try Parser(text: text, position: position + 2)
        parts.append(.expression(try parser.whole()))
        position = parser.position
    }

    private mutating func endLiteral() {
        guard !literal.isEmpty else { return }
        parts.append(.text(String(literal)))
        literal = .init()
    }
}
