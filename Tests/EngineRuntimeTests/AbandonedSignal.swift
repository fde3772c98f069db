import Postgres

/// Writes a signal as a node does that dies right after its commit.
struct AbandonedSignal: Statement {
    var name: String
    var secondsOfLease: Int
    var attempts: Int32 = 0

    static let sql: SQLText = """
        insert into thrown_signal (id, root_id, name, create_time, lease_until, attempts)
        select gen_random_uuid(), gen_random_uuid(), $1, clock_timestamp(),
            clock_timestamp() + $2::bigint * interval '1 second', $3
        """
    static let parameters = ParameterEncoder(\Self.name, \.secondsOfLease, \.attempts)
}

/// Lets the leases of all signals run out.
struct ExpiredLeases: Statement {
    static let sql: SQLText = "update thrown_signal set lease_until = clock_timestamp() - interval '1 second'"
    static let parameters = ParameterEncoder<ExpiredLeases>()
}
