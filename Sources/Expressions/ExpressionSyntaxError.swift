/// Why a text is no valid expression, and where.
package struct ExpressionSyntaxError: Error, Hashable {
    /// What is wrong.
    package var reason: String
    /// Unicode scalars from the beginning of the text to what is wrong.
    package var offset: Int

    package init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension ExpressionSyntaxError: CustomStringConvertible {
    package var description: String { "\(reason) (at character \(offset + 1))" }
}
