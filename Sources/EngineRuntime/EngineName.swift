package import Postgres

/// The name of an engine: what a path holds (`/engine/{name}/…`) and what its schema is called after.
package struct EngineName: Sendable, Hashable, CustomStringConvertible {
    /// The name as it was given.
    package let text: String

    /// The longest name, in characters.
    package static let maximumLength = 40
    /// What a name may be, for messages.
    package static let rule =
        "must be 1 to \(maximumLength) of the letters a-z and A-Z, digits, _ and -, and begin with a letter or digit"
    /// The engine that paths without a name mean.
    package static let `default` = EngineName(checked: "default")

    /// A name; nil when it does not keep to ``rule``.
    package init?(_ text: some StringProtocol) {
        guard let first = text.utf8.first, text.utf8.count <= Self.maximumLength, first.isLetterOrDigit,
            text.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.init(checked: String(text))
    }

    private init(checked text: String) { self.text = text }

    package var description: String { text }

    /// The schema of an engine of this name in a database that it shares with others; nil for the default engine, whose
    /// schema is the database's own choice.
    package var schema: SQLIdentifier? {
        self == .default ? nil : SQLIdentifier("baton_\(text)")
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
