import EngineRuntime
import EngineStore
import Foundation
import Testing
import sql

@Suite struct `The migrations that the binary carries` {
    private var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../sql/migrations").standardized
    }

    @Test func `are the files of the folder, in order, each in its own text`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()

        #expect(Migration.all.map(\.fileName) == files)
        for migration in Migration.all {
            let text = try Data(contentsOf: folder.appending(path: migration.fileName))
            #expect(migration.script == Array(text), "\(migration.fileName)")
        }
    }

    @Test func `count from zero without gaps`() {
        #expect(Migration.all.map(\.number) == Array(0..<Int32(Migration.all.count)))
    }
}

@Suite struct `A plan of migrations` {
    private let first = Migration(0, "first", script: Array("one".utf8))
    private let second = Migration(1, "second", script: Array("two".utf8))
    private let third = Migration(2, "third", script: Array("three".utf8))
    private let removal = Migration(2, "removal", isAdditive: false, script: Array("four".utf8))

    @Test func `has all of them for an empty database`() throws {
        let plan = try MigrationPlan(known: [first, second], recorded: [])
        #expect(plan.pending == [first, second])
    }

    @Test func `has what the database lacks`() throws {
        let plan = try MigrationPlan(known: [first, second, third], recorded: [first.record])
        #expect(plan.pending == [second, third])
        #expect(plan.newer.isEmpty)
    }

    @Test func `has nothing for a database that a newer version added to`() throws {
        let plan = try MigrationPlan(known: [first], recorded: [first.record, second.record])
        #expect(plan.pending.isEmpty)
        #expect(plan.newer == [second.record])
    }

    @Test func `refuses a database from which a newer version took something away`() {
        #expect(throws: MigrationError.databaseTooNew(removal.record)) {
            try MigrationPlan(known: [first], recorded: [first.record, second.record, removal.record])
        }
    }

    @Test func `refuses a database to which another text was applied`() {
        var edited = first.record
        edited.checksum = second.checksum
        #expect(throws: MigrationError.changed(first)) {
            try MigrationPlan(known: [first, second], recorded: [edited])
        }
    }

    @Test func `refuses a database with another order`() {
        #expect(throws: MigrationError.outOfOrder(third.record)) {
            try MigrationPlan(known: [first, second, third], recorded: [first.record, third.record])
        }
    }

    @Test func `tells texts apart by their checksum`() {
        #expect(first.checksum != second.checksum)
        #expect(Migration(9, "nothing", script: []).checksum == "cbf29ce484222325")
    }
}
