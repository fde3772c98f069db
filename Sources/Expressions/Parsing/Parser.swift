/// Makes syntax of the inside of a `${…}`.
struct Parser {
    private var lexer: Lexer
    private var token: Token
    private var nesting = 0

    /// Syntax with the number of operations on its longest path.
    private struct Node {
        var syntax: Syntax
        var depth = 1
    }

    /// A parser of the expression that begins at `position`, behind the opening brace.
    init(text: [Unicode.Scalar], position: Int) throws(ExpressionSyntaxError) {
        lexer = Lexer(text: text, position: position)
        token = try lexer.next()
    }

    /// Where the text goes on behind the closing brace.
    var position: Int { lexer.position }

    /// Parses up to the closing brace.
    mutating func whole() throws(ExpressionSyntaxError) -> Syntax {
        let node = try expression()
        guard token.kind == .rightBrace else { throw unexpected("'}'") }
        return node.syntax
    }
}

// MARK: Operators

extension Parser {
    private mutating func expression() throws(ExpressionSyntaxError) -> Node {
        try descend()
        defer { nesting -= 1 }
        let condition = try operation(from: 1)
        guard try take(.question) else { return condition }
        let then = try expression()
        try expect(.colon, "':'")
        let otherwise = try expression()
        return try node(
            .conditional(condition.syntax, then: then.syntax, otherwise: otherwise.syntax),
            condition,
            then,
            otherwise
        )
    }

    /// Parses operations whose operators bind at least as closely as `precedence` says.
    private mutating func operation(from precedence: Int) throws(ExpressionSyntaxError) -> Node {
        var left = try operand()
        while let binary = binaryOperator, binary.precedence >= precedence {
            try advance()
            let right = try operation(from: binary.precedence + 1)
            left = try node(.binary(binary, left.syntax, right.syntax), left, right)
        }
        return left
    }

    private var binaryOperator: BinaryOperator? {
        switch token.kind {
        case .binary(let binary): binary
        case .minus: .subtract
        default: nil
        }
    }

    private mutating func operand() throws(ExpressionSyntaxError) -> Node {
        let unary: UnaryOperator
        switch token.kind {
        case .unary(let kind): unary = kind
        case .minus: unary = .negate
        default: return try member()
        }
        try descend()
        defer { nesting -= 1 }
        try advance()
        let operand = try operand()
        return try node(.unary(unary, operand.syntax), operand)
    }
}

// MARK: Operands

extension Parser {
    /// Parses a literal, name, call or parentheses, and what is accessed of it.
    private mutating func member() throws(ExpressionSyntaxError) -> Node {
        var base = try primary()
        while true {
            let key: Node
            if try take(.dot) {
                guard case .name(let name) = token.kind else { throw unexpected("a name") }
                try advance()
                key = Node(syntax: .literal(.string(name)))
            } else if try take(.leftBracket) {
                key = try expression()
                try expect(.rightBracket, "']'")
            } else {
                return base
            }
            if let arguments = try arguments() {
                base = try node(
                    .method(of: base.syntax, name: key.syntax, arguments: arguments.map(\.syntax)),
                    [base, key] + arguments
                )
            } else {
                base = try node(.property(of: base.syntax, key: key.syntax), base, key)
            }
        }
    }

    private mutating func primary() throws(ExpressionSyntaxError) -> Node {
        let start = token
        switch start.kind {
        case .literal(let value):
            try advance()
            return Node(syntax: .literal(value))
        case .name(let name):
            try advance()
            guard let arguments = try arguments() else { return Node(syntax: .name(name)) }
            return Node(syntax: .function(try function(name, arguments.count, at: start.offset)))
        case .leftParenthesis:
            try advance()
            let inner = try expression()
            try expect(.rightParenthesis, "')'")
            return inner
        default: throw unexpected("an expression")
        }
    }

    private func function(_ name: String, _ count: Int, at offset: Int) throws(ExpressionSyntaxError) -> Function {
        guard let function = Function(rawValue: name) else {
            throw ExpressionSyntaxError(reason: "Unknown function '\(name)'", offset: offset)
        }
        guard count == 0 else {
            throw ExpressionSyntaxError(reason: "The function '\(name)' takes no arguments", offset: offset)
        }
        return function
    }

    /// Parses arguments in parentheses, if there are any.
    private mutating func arguments() throws(ExpressionSyntaxError) -> [Node]? {
        guard try take(.leftParenthesis) else { return nil }
        var arguments: [Node] = []
        if try take(.rightParenthesis) { return arguments }
        repeat {
            arguments.append(try expression())
        } while try take(.comma)
        try expect(.rightParenthesis, "')'")
        return arguments
    }
}

// MARK: Tokens and depth

extension Parser {
    private mutating func advance() throws(ExpressionSyntaxError) {
        token = try lexer.next()
    }

    private mutating func take(_ kind: Token.Kind) throws(ExpressionSyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ kind: Token.Kind, _ name: String) throws(ExpressionSyntaxError) {
        guard try take(kind) else { throw unexpected(name) }
    }

    private func unexpected(_ expected: String) -> ExpressionSyntaxError {
        let reason =
            token.kind == .end
            ? "The expression has no end: expected \(expected)"
            : "Expected \(expected), not '\(lexer.text[token.offset])'"
        return ExpressionSyntaxError(reason: reason, offset: token.offset)
    }

    private mutating func descend() throws(ExpressionSyntaxError) {
        guard nesting < ExpressionLimits.depth else { throw tooDeep }
        nesting += 1
    }

    private func node(_ syntax: Syntax, _ parts: Node...) throws(ExpressionSyntaxError) -> Node {
        try node(syntax, parts)
    }

    private func node(_ syntax: Syntax, _ parts: [Node]) throws(ExpressionSyntaxError) -> Node {
        let depth = (parts.map(\.depth).max() ?? 0) + 1
        guard depth <= ExpressionLimits.depth else { throw tooDeep }
        return Node(syntax: syntax, depth: depth)
    }

    private var tooDeep: ExpressionSyntaxError {
        let reason = "An expression may be nested at most \(ExpressionLimits.depth) deep"
        return ExpressionSyntaxError(reason: reason, offset: token.offset)
    }
}
