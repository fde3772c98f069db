/// The operators of numbers: BPMN reference, section 14.3.
///
/// Whole numbers are 64 bits wide and wrap around; a Double on either side makes the result one. Text is read as a
/// number, null is 0.
enum Arithmetic {
    static func result(
        of binary: ArithmeticOperator,
        _ left: Value,
        _ right: Value
    ) throws(EvaluationFailure) -> Value {
        if case (.null, .null) = (left, right) { return .long(0) }
        if left.countsAsDouble || right.countsAsDouble {
            return .double(double(binary, try left.coercedToDouble(), try right.coercedToDouble()))
        }
        return .long(try long(binary, try left.coercedToLong(), try right.coercedToLong()))
    }

    /// Division is always that of Doubles.
    static func quotient(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Value {
        if case (.null, .null) = (left, right) { return .long(0) }
        return .double(try left.coercedToDouble() / right.coercedToDouble())
    }

    static func negated(_ value: Value) throws(EvaluationFailure) -> Value {
        switch value {
        case .null: return .long(0)
        case .short(let number): return .short(0 &- number)
        case .integer(let number): return .integer(0 &- number)
        case .long(let number): return .long(0 &- number)
        case .double(let number): return .double(-number)
        case .string:
            if value.countsAsDouble { return .double(-(try value.coercedToDouble())) }
            return .long(0 &- (try value.coercedToLong()))
        case .boolean, .date, .bytes, .list, .map, .opaque:
            throw .failed(cause: "Cannot negate a value of \(value.className)")
        }
    }

    private static func double(_ binary: ArithmeticOperator, _ left: Double, _ right: Double) -> Double {
        switch binary {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .remainder: left.truncatingRemainder(dividingBy: right)
        }
    }

    private static func long(
        _ binary: ArithmeticOperator,
        _ left: Int64,
        _ right: Int64
    ) throws(EvaluationFailure) -> Int64 {
        switch binary {
        case .add: return left &+ right
        case .subtract: return left &- right
        case .multiply: return left &* right
        case .remainder:
            guard right != 0 else { throw .failed(cause: "Division by zero") }
            return left.remainderReportingOverflow(dividingBy: right).partialValue
        }
    }
}

/// An operator that yields a whole number if its operands are whole.
enum ArithmeticOperator {
    case add, subtract, multiply, remainder
}
