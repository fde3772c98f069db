/// What several samples have in common: their name, what they are, and what they mean.
package struct MetricFamily: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case counter, gauge, histogram, summary
    }

    /// Letters, digits, underscores and colons.
    ///
    /// Does not begin with a digit. A counter's ends in `_total`.
    package let name: String
    package let kind: Kind
    /// One line of text, or several.
    package let help: String

    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}
