/// Why an evaluation yields no value, worded as the BPMN reference has it, section 14.4.
package enum EvaluationError: Error, Hashable {
    /// A name that is neither a variable nor an object here, or a property that its value does not have.
    case unknownProperty(expression: String, name: String, cause: String)
    case unknownMethod(expression: String, cause: String)
    case failed(expression: String, cause: String)
    /// A condition yielded null or something else that is no Boolean.
    case noBoolean(expression: String, cause: String)
}

extension EvaluationError: CustomStringConvertible {
    /// The whole sentence for the caller.
    package var message: String {
        switch self {
        case .unknownProperty(let expression, _, let cause):
            "Unknown property used in expression: \(expression). Cause: \(cause)"
        case .unknownMethod(let expression, let cause):
            "Unknown method used in expression: \(expression). Cause: \(cause)"
        case .failed(let expression, let cause):
            "Error while evaluating expression: \(expression). Cause: \(cause)"
        case .noBoolean(let expression, let cause): "\(cause): \(expression)"
        }
    }

    package var description: String { message }
}
