/// A migration as the database remembers it.
package struct RecordedMigration: Sendable, Hashable {
    package var number: Int32
    package var name: String
    /// Of the script that was run.
    package var checksum: String
    /// Whether nodes that do not know the migration may go on working on the database.
    package var isAdditive: Bool

    package init(number: Int32, name: String, checksum: String, isAdditive: Bool) {
        self.number = number
        self.name = name
        self.checksum = checksum
        self.isAdditive = isAdditive
    }
}
