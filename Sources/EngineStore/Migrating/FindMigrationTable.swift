package import Postgres

/// Says whether this database was ever migrated.
///
/// It reads the catalogue's rows: `to_regclass` may answer from a cache that is as old as the transaction, in which
/// another node's table is missing.
package struct FindMigrationTable: Statement {
    package static let sql: SQLText = """
        select exists (
            select from pg_class where relname = 'migration' and relkind = 'r' and pg_table_is_visible(oid)
        )
        """

    package static let rows = RowDecoder(Bool.self)

    package init() {}
}
