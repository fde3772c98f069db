/// Opens a transaction at the default isolation level.
struct Begin: Statement {
    static let sql: SQLText = "begin"
}

/// Commits the open transaction.
struct Commit: Statement {
    static let sql: SQLText = "commit"
}

/// Rolls the open transaction back.
struct Rollback: Statement {
    static let sql: SQLText = "rollback"
}

/// The number that the database gave a transaction that writes.
package struct TransactionID: RawRepresentable, Sendable, Hashable, PostgresCodable {
    /// The full 64-bit number; it is never used again.
    package var rawValue: Int64
    /// The transaction with this number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// What became of a transaction.
package enum TransactionStatus: String, Sendable, Hashable, PostgresCodable {
    case committed
    case aborted
    case inProgress = "in progress"
}

/// Asks for the number of the open transaction, and gives it one if it has none yet.
package struct CurrentTransactionID: Statement {
    package static let sql: SQLText = "select pg_current_xact_id()::text::bigint"
    package static let rows = RowDecoder(TransactionID.self)
    package init() {}
}

/// Asks what became of a transaction; null when it is too long ago to be known.
package struct StatusOfTransaction: Statement {
    package var transaction: TransactionID

    package static let sql: SQLText = "select pg_xact_status($1::text::xid8)"
    package static let parameters = ParameterEncoder(\Self.text)
    package static let rows = RowDecoder(TransactionStatus?.self)

    /// Asks for this transaction.
    package init(_ transaction: TransactionID) { self.transaction = transaction }

    private var text: String { String(transaction.rawValue) }
}
