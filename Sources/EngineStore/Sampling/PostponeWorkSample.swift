import Postgres

/// Keeps nodes from taking a sample for a while, because the last one could not be taken.
struct PostponeWorkSample: Statement {
    var milliseconds: Int64

    static let sql: SQLText = """
        insert into work_sample as kept (single, next_at)
        values (true, clock_timestamp() + $1 * interval '1 millisecond')
        on conflict (single) do update set next_at = excluded.next_at
        """

    static let parameters = ParameterEncoder(\Self.milliseconds)
}
