package import Postgres

/// Where an engine's tables are: the running server, the database in it and the schema, whichever way led there.
package struct SchemaPlace: Sendable, Hashable {
    /// When the server started, in seconds since 1970: no two servers have the same.
    package var serverStart: Double
    /// The database's number in the server.
    package var database: Int64
    /// The schema's number in the database.
    package var schema: Int64
}

/// Says where the tables of a migrated database are; nothing when they are not there.
package struct LocateSchema: Statement {
    package static let sql: SQLText = """
        select
            extract(epoch from pg_postmaster_start_time())::double precision,
            (select oid::bigint from pg_database where datname = current_database()),
            relnamespace::bigint
        from pg_class
        where relname = 'migration' and relkind = 'r' and pg_table_is_visible(oid)
        """

    package static let rows = RowDecoder(SchemaPlace.init)

    package init() {}
}
