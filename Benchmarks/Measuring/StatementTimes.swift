import Foundation
import Postgres

/// Where the database's time goes, as `pg_stat_statements` counts it.
enum StatementTimes {
    /// What the server must be started with.
    static let parameters = [
        "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_planning=on",
        "pg_stat_statements.track_utility=on",
    ]

    /// Counts from now on.
    static func begin(on pool: Pool) async throws {
        _ = try await pool.run(Install())
        _ = try await pool.run(Reset())
    }

    /// Prints the statements that took most, per unit of work.
    static func report(from pool: Pool, per count: Int) async throws {
        let rows = try await pool.run(Read())
        Report.note("database time by statement (µs per cycle; calls; ms per call; rows per call):")
        for row in rows {
            let each = count > 0 ? row.milliseconds * 1000 / Double(count) : 0
            let calls = Double(row.calls)
            let numbers = [each.text, "\(row.calls)", (row.milliseconds / calls).text, (Double(row.rows) / calls).text]
            Report.note(
                numbers.map { String(repeating: " ", count: max(0, 8 - $0.count)) + $0 }.joined() + "  " + row.text
            )
        }
    }

    private struct Install: Statement {
        static let sql: SQLText = "create extension if not exists pg_stat_statements"
    }

    private struct Reset: Statement {
        static let sql: SQLText = "select 1 from pg_stat_statements_reset()"
        static let rows = RowDecoder { (one: Int32) in one }
    }

    private struct Read: Statement {
        static let sql: SQLText = """
            select total_exec_time + total_plan_time, calls, rows,
                left(regexp_replace(query, '\\s+', ' ', 'g'), 90)
            from pg_stat_statements
            order by 1 desc
            limit 24
            """
        struct Row: Sendable {
            var milliseconds: Double
            var calls: Int64
            var rows: Int64
            var text: String
        }
        static let rows = RowDecoder { (milliseconds: Double, calls: Int64, rows: Int64, text: String) in
            Row(milliseconds: milliseconds, calls: calls, rows: rows, text: text)
        }
    }
}
