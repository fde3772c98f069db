package import Postgres

/// Reads what was done to this database, in order.
package struct ReadMigrations: Statement {
    package static let sql: SQLText = """
        select number, name, checksum, additive
        from migration
        order by number
        """

    package static let rows = RowDecoder { (number: Int32, name: String, checksum: String, isAdditive: Bool) in
        RecordedMigration(number: number, name: name, checksum: checksum, isAdditive: isAdditive)
    }

    package init() {}
}
