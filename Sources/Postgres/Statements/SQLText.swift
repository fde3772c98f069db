/// The text of a statement: constant text, and pieces that several statements share.
///
///     static let sql: SQLText = "select \(Self.columns) from task where id = any ($1)"
///
/// Only literals and other texts go in, so nothing that comes from outside can become SQL.
package struct SQLText: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    package let description: String

    package init(stringLiteral text: StaticString) { description = "\(text)" }

    package init(stringInterpolation: StringInterpolation) { description = stringInterpolation.text }

    /// What stands between the quotes of a literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ text: StaticString) { self.text += "\(text)" }

        /// A piece that stands elsewhere, too.
        package mutating func appendInterpolation(_ piece: SQLText) { text += piece.description }
    }
}
