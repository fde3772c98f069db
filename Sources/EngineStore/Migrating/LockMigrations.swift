package import Postgres

/// Makes the nodes that migrate one database take turns, until the transaction ends.
///
/// It only locks.
package struct LockMigrations: Statement {
    package static let sql: SQLText = """
        select pg_advisory_xact_lock(hashtextextended('migrations', 0))
        """

    package init() {}
}
