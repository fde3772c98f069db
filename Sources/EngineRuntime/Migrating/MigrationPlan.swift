package import EngineStore
package import sql

/// What the migrations that this binary knows and those that a database remembers make of each other.
package struct MigrationPlan: Sendable, Hashable {
    /// To be applied, in order.
    package var pending: [Migration] = []
    /// Applied by a newer binary; this one can work with them.
    package var newer: [RecordedMigration] = []

    /// Compares the two lists.
    ///
    /// - Throws: ``MigrationError`` when this binary must not work on the database.
    package init(known: [Migration], recorded: [RecordedMigration]) throws(MigrationError) {
        var remaining = known[...]
        for record in recorded {
            guard let migration = remaining.first else {
                guard record.isAdditive else { throw .databaseTooNew(record) }
                newer.append(record)
                continue
            }
            guard migration.number == record.number else { throw .outOfOrder(record) }
            guard migration.checksum == record.checksum else { throw .changed(migration) }
            remaining.removeFirst()
        }
        pending = Array(remaining)
    }
}

/// Why a database cannot be migrated by, or used with, this binary.
package enum MigrationError: Error, Sendable, Hashable {
    /// The migration was applied with another text than this binary carries.
    case changed(Migration)
    /// A newer binary made a step that this one cannot work with.
    case databaseTooNew(RecordedMigration)
    /// The database remembers this migration at a place where this binary knows another one.
    case outOfOrder(RecordedMigration)
    /// Other nodes migrated the database the whole time.
    case noTurn
    /// Something the migration changes was in use the whole time; nothing of it was done.
    case busy(Migration, attempts: Int)
    /// The database refused the migration; nothing of it was done.
    case failed(Migration, message: String)
}

extension MigrationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .changed(let migration):
            """
            Migration \(migration.fileName) was applied to this database with another content than this program \
            carries. A migration must not be edited once it was applied; use the program that made the database.
            """
        case .databaseTooNew(let record):
            """
            The database was migrated by a newer version of this program (migration \(record.number), \
            \(record.name)), and this version cannot work with it. Use the newer version.
            """
        case .outOfOrder(let record):
            """
            The database remembers a migration \(record.number) (\(record.name)) that this program does not know in \
            that place. It was made by another line of versions.
            """
        case .noTurn: "Another node has been migrating the database for \(Migrator.turnTimeout); try again later."
        case .busy(let migration, let attempts):
            """
            Migration \(migration.fileName) could not be applied in \(attempts) attempts because what it changes was \
            in use the whole time. Nothing of it was done; try again, or stop what holds the tables.
            """
        case .failed(let migration, let message):
            "Migration \(migration.fileName) failed, and nothing of it was done: \(message)"
        }
    }
}

extension Migration {
    /// The 64-bit FNV-1a hash of the script, in hexadecimal: it shows an edit, it does not guard against forgery.
    package var checksum: String {
        let hash = script.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What the database is to remember.
    package var record: RecordedMigration {
        RecordedMigration(number: number, name: name, checksum: checksum, isAdditive: isAdditive)
    }
}
