extension Expression {
    /// Evaluates the text; variables are set and removed as it says.
    ///
    /// - Returns: The value with its type of a single `${…}`, otherwise text.
    /// - Throws: ``EvaluationError``. What was set before stays set.
    package func evaluate(in context: inout some EvaluationContext) throws(EvaluationError) -> Value {
        do throws(EvaluationFailure) {
            switch content {
            case .literal(let text): return .string(text)
            case .single(let syntax): return try syntax.evaluate(in: &context)
            case .composite(let parts): return .string(try Self.text(of: parts, in: &context))
            }
        } catch {
            throw error.error(in: text)
        }
    }

    /// Evaluates the text of a condition: only a Boolean will do, not the text "true".
    ///
    /// - Throws: ``EvaluationError``, also when the value is null or no Boolean.
    package func evaluateCondition(in context: inout some EvaluationContext) throws(EvaluationError) -> Bool {
        switch try evaluate(in: &context) {
        case .boolean(let isTrue): return isTrue
        case .null: throw .noBoolean(expression: text, cause: "condition expression returns null")
        default: throw .noBoolean(expression: text, cause: "condition expression returns non-Boolean")
        }
    }

    private static func text(
        of parts: [Template.Part],
        in context: inout some EvaluationContext
    ) throws(EvaluationFailure) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .expression(let syntax): text += try syntax.evaluate(in: &context).coercedToText()
            }
            guard text.utf8.count <= ExpressionLimits.resultLength else { throw .resultTooLong }
        }
        return text
    }
}
