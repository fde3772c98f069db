/// What went wrong in one operation; ``EvaluationError`` says in which expression.
enum EvaluationFailure: Error {
    case unknownProperty(name: String, cause: String)
    case unknownMethod(cause: String)
    case failed(cause: String)

    func error(in expression: String) -> EvaluationError {
        switch self {
        case .unknownProperty(let name, let cause): .unknownProperty(expression: expression, name: name, cause: cause)
        case .unknownMethod(let cause): .unknownMethod(expression: expression, cause: cause)
        case .failed(let cause): .failed(expression: expression, cause: cause)
        }
    }

    static func cannotCoerce(_ value: Value, to type: String) -> EvaluationFailure {
        guard case .string(let text) = value else {
            return .failed(cause: "Cannot coerce from \(value.className) to \(type)")
        }
        return .failed(cause: "Cannot coerce '\(text.prefix(100))' from \(value.className) to \(type)")
    }

    static func noProperty(_ name: String, of owner: String) -> EvaluationFailure {
        .unknownProperty(name: name, cause: "Could not find property \(name) in \(owner)")
    }

    static func noMethod(_ name: String, _ count: Int, of owner: String) -> EvaluationFailure {
        .unknownMethod(cause: "Could not find method \(name) with \(count) arguments in \(owner)")
    }

    static let resultTooLong = EvaluationFailure.failed(
        cause: "The text would have more than \(ExpressionLimits.resultLength) bytes"
    )
}
