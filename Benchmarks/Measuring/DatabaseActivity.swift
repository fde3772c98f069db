import Postgres

/// What a database was asked to do during a while, besides our own questions.
struct DatabaseActivity {
    var seconds: Double
    /// Transactions that ended.
    var transactions: Int
    /// How often each statement was run; empty when the server does not count them.
    var statements: [(text: String, calls: Int)]

    /// Statements per second, or transactions when statements are not counted.
    var rate: Double {
        Double(statements.isEmpty ? transactions : statements.map(\.calls).reduce(0, +)) / seconds
    }

    /// Watches for a while; nobody else may use the pool meanwhile.
    static func watch(_ pool: Pool, for duration: Duration, countingStatements: Bool) async throws -> DatabaseActivity {
        if countingStatements { try await StatementTimes.begin(on: pool) }
        // Sessions report what they did with up to a second's delay; ours has to be idle to do so at all.
        try await Task.sleep(for: .seconds(1.5))
        let before = try await pool.run(Transactions()).first ?? 0
        let begin = ContinuousClock.now
        try await Task.sleep(for: duration)
        let after = try await pool.run(Transactions()).first ?? 0
        let seconds = (ContinuousClock.now - begin).inSeconds
        let calls = countingStatements ? try await pool.run(Calls()) : []
        return DatabaseActivity(
            seconds: seconds,
            // The first question is a transaction, too.
            transactions: max(0, Int(after - before) - 1),
            statements: calls.map { ($0.text, Int($0.calls)) }
        )
    }

    private struct Transactions: Statement {
        static let sql: SQLText = """
            select xact_commit + xact_rollback from pg_stat_database where datname = current_database()
            """
        static let rows = RowDecoder(Int64.self)
    }

    private struct Calls: Statement {
        static let sql: SQLText = """
            select calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 100)
            from pg_stat_statements
            where query not like '%pg_stat%' and dbid = (select oid from pg_database where datname = current_database())
            order by calls desc
            limit 20
            """
        struct Row: Sendable {
            var calls: Int64
            var text: String
        }
        static let rows = RowDecoder { (calls: Int64, text: String) in Row(calls: calls, text: text) }
    }
}
