import Postgres

/// What careless people do to a database that others use.
enum Burden {
    /// The tables that are locked; each is on somebody's way.
    static let tables = [
        "external_task", "process_instance", "variable", "history_activity", "history_variable", "user_task",
        "event_subscription", "process_definition", "batch_job",
    ]

    /// Nobody else may even read a table for so long, as when somebody changes it.
    static func lock(table: String, milliseconds: Int64) -> SQLScript {
        SQLScript(
            name: "lock table",
            trusted: """
                begin; lock table \(table) in access exclusive mode;
                select pg_sleep(\(milliseconds)::double precision / 1000); rollback
                """
        )
    }

    /// A transaction that has changed some instances and tasks stays open for so long.
    static func holdRows(milliseconds: Int64) -> SQLScript {
        SQLScript(
            name: "hold rows",
            trusted: """
                begin;
                update process_instance set suspended = suspended
                    where id in (select id from process_instance order by random() limit 3);
                update external_task set suspended = suspended
                    where id in (select id from external_task order by random() limit 3);
                select pg_sleep(\(milliseconds)::double precision / 1000); rollback
                """
        )
    }
}

/// Ends sessions of others, at random, listeners included.
struct TerminateSessions: Statement {
    var count: Int64

    static let sql: SQLText = """
        select count(pg_terminate_backend(pid)) from (
            select pid from pg_stat_activity
            where backend_type = 'client backend' and application_name <> 'lab' and pid <> pg_backend_pid()
            order by random() limit $1
        ) as session
        """
    static let parameters = ParameterEncoder(\Self.count)
    static let rows = RowDecoder<Int64> { (count: Int64) in count }
}
