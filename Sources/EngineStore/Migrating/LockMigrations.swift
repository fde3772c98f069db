package import Postgres

/// Makes the nodes that migrate one schema take turns, until the transaction ends.
///
/// It only locks. Locks of this kind belong to a database, so the schema is part of what is locked.
package struct LockMigrations: Statement {
    /// The schema that is configured and may not be there yet; nil when the database chooses one that is there.
    package var schema: String?

    package static let sql: SQLText = """
        select pg_advisory_xact_lock(
            hashtextextended('migrations of ' || coalesce($1::text, current_schema(), ''), 0)
        )
        """

    package static let parameters = ParameterEncoder(\Self.schema)

    package init(schema: String?) { self.schema = schema }
}
