package import Expressions
package import Postgres

extension Instant {
    /// A column's moment, cut to whole milliseconds: what the contract shows.
    package init(_ timestamp: PostgresTimestamp) { self.init(millisecondsSinceEpoch: timestamp.milliseconds) }
}

extension PostgresTimestamp {
    /// A moment as a column holds it.
    package init(_ instant: Instant) { self.init(milliseconds: instant.millisecondsSinceEpoch) }
}
