/// One step of the database's schema: a file of `migrations`, carried by the binary.
///
/// A migration that was released is never edited; what it did is changed by a later one.
package struct Migration: Sendable, Hashable {
    /// Its place in the order, the digits that the file's name begins with.
    ///
    /// They count from 0 without gaps.
    package let number: Int32
    /// The rest of the file's name, without its extension.
    package let name: String
    /// Whether nodes of earlier versions can go on working on the database after this step, and be started on it.
    ///
    /// A column or table that is new, or a constraint that is gone, is additive; what is renamed or removed is not.
    package let isAdditive: Bool
    /// The file's text: any number of SQL statements, without a transaction of its own.
    package let script: [UInt8]

    package init(_ number: Int32, _ name: String, isAdditive: Bool = true, script: [UInt8]) {
        self.number = number
        self.name = name
        self.isAdditive = isAdditive
        self.script = script
    }

    /// The name of the file that the script stands in.
    package var fileName: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_" + name + ".sql"
    }
}

extension Migration {
    /// Every migration that this binary knows, in order.
    ///
    /// The build makes one constant of each file, named like the file with its first digit replaced by `_`.
    package static let all: [Migration] = [
        Migration(0, "migration", script: PackageResources._000_migration_sql),
        Migration(1, "schema", script: PackageResources._001_schema_sql),
    ]
}
