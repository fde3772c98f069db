import Postgres

/// Prepares a transaction for counting: it takes one processor for a bounded time, and walks narrow indexes instead of
/// wide rows, which takes a third of the time with a million tasks.
struct SampleSettings: Statement {
    var statementMilliseconds: Int64

    static let sql: SQLText = """
        select set_config('statement_timeout', $1::bigint::text, true),
            set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),
            set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)
        """

    static let parameters = ParameterEncoder(\Self.statementMilliseconds)
}
