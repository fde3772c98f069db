/// A word of an expression and where it begins.
struct Token {
    var kind: Kind
    /// Unicode scalars from the beginning of the text.
    var offset: Int

    enum Kind: Hashable {
        case literal(Value)
        case name(String)
        case unary(UnaryOperator)
        case binary(BinaryOperator)
        /// `-`, which is both.
        case minus
        case dot, comma, question, colon
        case leftParenthesis, rightParenthesis, leftBracket, rightBracket
        case rightBrace
        case end
    }
}

extension Token.Kind {
    /// Words that are no names.
    static let reserved: [String: Token.Kind] = [
        "true": .literal(.boolean(true)), "false": .literal(.boolean(false)), "null": .literal(.null),
        "not": .unary(.not), "empty": .unary(.empty),
        "and": .binary(.and), "or": .binary(.or), "eq": .binary(.equal), "ne": .binary(.notEqual),
        "lt": .binary(.less), "le": .binary(.lessOrEqual), "gt": .binary(.greater), "ge": .binary(.greaterOrEqual),
        "div": .binary(.divide), "mod": .binary(.remainder),
    ]

    /// What two characters together mean.
    static let pairs: [String: Token.Kind] = [
        "==": .binary(.equal), "!=": .binary(.notEqual), "<=": .binary(.lessOrEqual), ">=": .binary(.greaterOrEqual),
        "&&": .binary(.and), "||": .binary(.or),
    ]

    /// What one character means when it does not begin a pair.
    static let marks: [Unicode.Scalar: Token.Kind] = [
        "<": .binary(.less), ">": .binary(.greater), "+": .binary(.add), "*": .binary(.multiply), "/": .binary(.divide),
        "%": .binary(.remainder), "!": .unary(.not), "-": .minus, ".": .dot, ",": .comma, "?": .question, ":": .colon,
        "(": .leftParenthesis, ")": .rightParenthesis, "[": .leftBracket, "]": .rightBracket, "}": .rightBrace,
    ]
}
