import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(1))) struct `An engine that is told where to listen` {
    /// The sessions that listen, by the name under which they came: last of all, they began to, or sent their heartbeat.
    ///
    /// Nobody else announces anything before work appears.
    private struct ListeningSessions: Statement {
        static let sql: SQLText = """
            select application_name from pg_stat_activity
            where datname = current_database() and application_name in ('pooled', 'direct')
                and (query ilike 'listen %' or query ilike 'select pg_notify(%')
            """
        static let rows = RowDecoder(String.self)
    }

    private func engine(listening: ConnectionSettings?) -> Engine {
        var database = Database.current.settings
        database.applicationName = "pooled"
        // As behind a transaction pooler.
        database.preparedStatements = false
        var configuration = Engine.Configuration(database: database)
        configuration.listening = listening
        return Engine(configuration: configuration, logger: TestServer.logger)
    }

    private func run(_ engine: Engine, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            await engine.untilReady()
            try await body()
            engine.drain()
            group.cancelAll()
        }
    }

    @Test func `listens there, and does everything else where the work is`() async throws {
        var direct = Database.current.settings
        direct.applicationName = "direct"
        let engine = engine(listening: direct)
        try await run(engine) {
            let listening = try await Database.current.pool.run(ListeningSessions())
            #expect(listening == ["direct"])
            let definition = try await engine.deploy("one", oneTask("work"))
            _ = try await engine.start(definition)
            #expect(try await engine.fetch("work", limit: 5).count == 1)
        }
    }

    @Test func `listens where the work is when it is told nothing`() async throws {
        try await run(engine(listening: nil)) {
            let listening = try await Database.current.pool.run(ListeningSessions())
            #expect(listening == ["pooled"])
        }
    }

    @Test func `is refused another database, where nobody announces anything`() async throws {
        try await Database.with(.migrated) { other in
            let engines = Engines(engine(listening: other.settings))
            let error = await #expect(throws: EnginesError.self) { try await engines.migrate() }
            #expect(error?.description.contains("would listen for wake-ups in another database") == true)
        }
    }
}
