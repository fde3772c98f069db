/// A text of a model that may hold expressions, parsed once and evaluated often.
///
/// The language is that of the BPMN reference, section 14: literal text, one `${…}` or `#{…}`, or text around several.
package struct Expression: Sendable {
    /// The text as written.
    package let text: String
    /// Names whose variables an evaluation may read, by themselves or as in `execution.getVariable('name')`.
    ///
    /// Names of implicit objects are among them, because a variable hides the object of its name.
    package let referencedNames: Set<String>
    /// Whether an evaluation may read variables that ``referencedNames`` does not tell.
    package let mayReadAnyVariable: Bool
    let content: Content

    enum Content {
        case literal(String)
        case single(Syntax)
        case composite([Template.Part])
    }

    /// Parses a text.
    ///
    /// - Throws: ``ExpressionSyntaxError`` for bad syntax, unknown functions, `${` and `#{` in one text, and texts beyond
    ///   the ``ExpressionLimits``.
    package static func parse(_ text: String) throws(ExpressionSyntaxError) -> Expression {
        Expression(text: text, content: try Template.parse(text))
    }

    /// Parses the text of a condition, without white space around it.
    ///
    /// - Throws: ``ExpressionSyntaxError`` as ``parse(_:)`` does.
    package static func parseCondition(_ text: String) throws(ExpressionSyntaxError) -> Expression {
        try parse(text.trimmingControlCharactersAndSpaces())
    }

    private init(text: String, content: Content) {
        var references = References()
        switch content {
        case .literal: break
        case .single(let syntax): references.collect(from: syntax)
        case .composite(let parts):
            for case .expression(let syntax) in parts { references.collect(from: syntax) }
        }
        self.text = text
        self.content = content
        referencedNames = references.names
        mayReadAnyVariable = references.mayReadAnyVariable
    }
}

extension Expression {
    /// Whether the text holds nothing to evaluate.
    package var isLiteral: Bool { literalText != nil }

    /// The text itself, `\${` read as `${`, or nil when there is something to evaluate.
    package var literalText: String? {
        guard case .literal(let text) = content else { return nil }
        return text
    }

    /// Whether the text is one `${…}` with nothing around it, so that the value keeps its type.
    package var isSingle: Bool {
        guard case .single = content else { return false }
        return true
    }
}

/// Equal texts are equal expressions.
extension Expression: Hashable {
    package static func == (one: Expression, other: Expression) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

extension Expression: CustomStringConvertible {
    package var description: String { text }
}
