import Postgres

/// Prepares a transaction for claiming: the planner must walk the indexes of the claim orders, whatever it believes of
/// a table that was empty a moment ago, and must not compile what runs for less than a millisecond.
///
/// Local to the transaction, so that it also works behind a transaction pooler. Returns the moment.
struct ClaimSettings: Statement {
    static let sql: SQLText = """
        select statement_timestamp()
        from (
            select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
                set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                set_config('jit', 'off', true)
            offset 0
        ) as settings
        """

    static let rows = RowDecoder(PostgresTimestamp.self)
}
