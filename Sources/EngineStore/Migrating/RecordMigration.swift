package import Postgres

/// Remembers that a migration was applied.
package struct RecordMigration: Statement {
    package var migration: RecordedMigration

    package static let sql: SQLText = """
        insert into migration (number, name, checksum, additive)
        values ($1, $2, $3, $4)
        """

    package static let parameters = ParameterEncoder(
        \Self.migration.number,
        \.migration.name,
        \.migration.checksum,
        \.migration.isAdditive
    )

    package init(_ migration: RecordedMigration) { self.migration = migration }
}
