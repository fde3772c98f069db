/// What an expression says.
indirect enum Syntax: Sendable, Hashable {
    case literal(Value)
    case name(String)
    /// `base.key` and `base[key]`.
    case property(of: Syntax, key: Syntax)
    case method(of: Syntax, name: Syntax, arguments: [Syntax])
    case function(Function)
    case unary(UnaryOperator, Syntax)
    case binary(BinaryOperator, Syntax, Syntax)
    case conditional(Syntax, then: Syntax, otherwise: Syntax)
}

/// A function that every expression can call, without arguments.
enum Function: String, Sendable {
    case now
    case dateTime
    case currentUser
    case currentUserGroups
}

/// An operator before its operand.
enum UnaryOperator: Sendable {
    case negate, not, empty
}

/// An operator between its operands, which groups from the left.
enum BinaryOperator: Sendable {
    case or, and, equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case add, subtract, multiply, divide, remainder

    /// Higher binds closer; from 1.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual: 3
        case .less, .lessOrEqual, .greater, .greaterOrEqual: 4
        case .add, .subtract: 5
        case .multiply, .divide, .remainder: 6
        }
    }
}
