/// A name of a schema, channel or the like, from configuration.
package struct SQLIdentifier: Sendable, Hashable {
    /// The name as the catalogue holds it.
    package let name: String

    /// The longest name, in bytes; the database would cut longer ones.
    package static let maximumBytes = 63

    /// A name; nil when it is empty, too long or holds the character NUL.
    package init?(_ name: String) {
        guard !name.isEmpty, name.utf8.count <= Self.maximumBytes, !name.utf8.contains(0) else { return nil }
        self.name = name
    }

    /// The name in double quotes, as SQL wants it.
    package var quoted: String {
        let escaped = name.unicodeScalars.reduce(into: "") { text, scalar in
            if scalar == "\"" { text.unicodeScalars.append("\"") }
            text.unicodeScalars.append(scalar)
        }
        return "\"\(escaped)\""
    }
}

extension SQLIdentifier: ExpressibleByStringLiteral {
    /// A name that the program itself writes; one that no catalogue could hold is a bug.
    package init(stringLiteral name: String) {
        guard let identifier = SQLIdentifier(name) else { preconditionFailure("No SQL identifier: \(name)") }
        self = identifier
    }
}
