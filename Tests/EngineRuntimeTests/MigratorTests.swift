import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing
import sql

@Suite struct `Migrating a database` {
    private let migrator = Migrator(logger: TestServer.logger)

    @Test(.database(.empty)) func `applies everything to an empty one, and nothing the second time`() async throws {
        let session = try await Database.current.connect()

        let first = try await migrator.migrate(session)
        let second = try await migrator.migrate(session)

        #expect(first.map(\.number) == Migration.all.map(\.number))
        #expect(second.isEmpty)
        #expect(try await session.run(ReadMigrations()) == Migration.all.map(\.record))
        await session.close()
    }

    @Test(.database(.empty)) func `is done once when twenty nodes start at the same moment`() async throws {
        let database = Database.current

        let applied = try await withThrowingTaskGroup(of: [AppliedMigration].self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let session = try await database.connect()
                    let applied = try await migrator.migrate(session)
                    await session.close()
                    return applied
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }

        #expect(applied.map(\.number).sorted() == Migration.all.map(\.number))
    }

    @Test(.database(.empty)) func `makes the schema that the settings name`() async throws {
        var settings = Database.current.settings
        settings.schema = SQLIdentifier("second \"engine\"")
        let session = try await Session.connect(settings, logger: TestServer.logger)

        try await migrator.migrate(session)

        #expect(try await migrator.plan(for: session).pending.isEmpty)
        await session.close()
    }

    @Test(.database(.empty)) func `leaves nothing of a migration that the database refuses`() async throws {
        let session = try await Database.current.connect()
        let broken = Migration(2, "broken", script: Array("create table half (id integer); select nonsense".utf8))
        let migrations = Array(Migration.all.prefix(2)) + [broken]

        let error = await #expect(throws: MigrationError.self) {
            try await Migrator(logger: TestServer.logger, migrations: migrations).migrate(session)
        }

        #expect(error?.description.contains("0002_broken.sql") == true)
        #expect(try await session.run(ReadMigrations()).map(\.number) == [0, 1])
        let leftovers = try await session.run(
            DynamicQuery("Leftovers", "select to_regclass('half') is not null"),
            rows: RowDecoder(Bool.self)
        )
        #expect(leftovers == [false])
        await session.close()
    }

    @Test(.database(.empty)) func `is refused when a migration was edited after it was applied`() async throws {
        let session = try await Database.current.connect()
        try await migrator.migrate(session)
        var edited = Migration.all
        edited[1] = Migration(1, "schema", script: edited[1].script + Array("\n-- one more thing".utf8))

        await #expect(throws: MigrationError.changed(edited[1])) {
            try await Migrator(logger: TestServer.logger, migrations: edited).migrate(session)
        }
        await session.close()
    }

    @Test(.database(.empty)) func `is not needed by an older node when a newer one has added to the database`()
        async throws
    {
        let session = try await Database.current.connect()
        let addition = Migration(
            Int32(Migration.all.count),
            "addition",
            script: Array("create table addition (id integer)".utf8)
        )
        try await Migrator(logger: TestServer.logger, migrations: Migration.all + [addition]).migrate(session)

        #expect(try await migrator.migrate(session).isEmpty)
        #expect(try await migrator.plan(for: session).newer == [addition.record])
        await session.close()
    }
}
