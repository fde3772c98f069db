/// What expressions may need at most.
package enum ExpressionLimits {
    /// The longest text with expressions, in bytes of UTF-8.
    package static let textLength = 65_536
    /// How deeply operations and parentheses may be nested; a chain of operators counts as nested.
    package static let depth = 256
    /// The longest text that an evaluation may make, in bytes of UTF-8.
    package static let resultLength = 1_048_576
}
