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
    /// The full 64-bit number; used again only when it was lost in a crash before anything of it reached the disk.
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

/// Asks what became of a transaction; null when that cannot be known, or is too long ago.
///
/// A server that crashes forgets transactions of which nothing had reached the disk, and gives their numbers to others;
/// a standby that takes over does the same. What is then asked for by its number may be somebody else's, and committed.
/// So *committed* is believed only of a server that was there before the transaction and had nothing to recover.
///
/// A commit that waits for a synchronous standby becomes visible without it when its session is ended, and is lost when
/// that standby takes over. So *committed* is said only when a later commit has been confirmed: the one of this statement,
/// which writes a few bytes into the log that nobody reads.
package struct StatusOfTransaction: Statement {
    package var transaction: TransactionID
    /// A moment of the database's clock at which the transaction was open.
    package var moment: PostgresTimestamp

    package static let sql: SQLText = """
        select case
            when pg_xact_status($1::text::xid8) = 'committed'
                and (pg_postmaster_start_time() >= $2 or pg_last_wal_replay_lsn() is not null) then null
            when pg_xact_status($1::text::xid8) = 'committed'
                and pg_logical_emit_message(true, 'baton', '') is null then null
            else pg_xact_status($1::text::xid8)
        end
        """
    package static let parameters = ParameterEncoder(\Self.text, \.moment)
    package static let rows = RowDecoder(TransactionStatus?.self)

    /// Asks for a transaction that was open at a moment.
    package init(_ transaction: TransactionID, openAt moment: PostgresTimestamp) {
        self.transaction = transaction
        self.moment = moment
    }

    private var text: String { String(transaction.rawValue) }
}

/// Commits a few bytes of the log that nobody reads, so that all that was committed before is confirmed with them.
struct ConfirmWhatWasRead: Statement {
    static let sql: SQLText = "select pg_logical_emit_message(true, 'baton', '') is not null"
    static let rows = RowDecoder(Bool.self)
}
