import EngineCore
import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database, .serialized, .timeLimit(.minutes(1))) struct `Suspending a definition` {
    @Test func `takes more instances with it than at once`() async throws {
        try await RunningEngine.one { engine in
            let definition = try await engine.deploy("many", oneTask("many-work"))
            for _ in 0..<130 { _ = try await engine.start(definition) }
            let ended = try await engine.start(definition)
            try await engine.deleteProcessInstance(ended.id.description)

            try await engine.suspendDefinitions(.one(definition), isSuspended: true, includingInstances: true)

            #expect(try await engine.fetch("many-work", limit: 200).isEmpty)
            await #expect(throws: Rejection.self) { try await engine.start(definition) }
            var query = ProcessInstanceQuery()
            query.isSuspended = true
            #expect(try await engine.processInstanceCount(query) == 130)

            try await engine.suspendDefinitions(.allVersions(of: "many"), isSuspended: false, includingInstances: true)
            #expect(try await engine.processInstanceCount(query) == 0)
            #expect(try await engine.fetch("many-work", limit: 200).count == 130)
        }
    }

    @Test func `waits for the starts that are under way`() async throws {
        try await RunningEngine.one { engine in
            let definition = try await engine.deploy("waiting", oneTask("waiting-work"))
            let session = try await Database.current.connect()
            try await session.transaction { transaction in
                // As a start does.
                let found = try await transaction.run(ResolveDefinitions([definition]))
                #expect(found.map(\.isSuspended) == [false])
                async let suspension: Void = engine.suspendDefinitions(
                    .one(definition),
                    isSuspended: true,
                    includingInstances: false
                )
                while try await !isLocked() { await Task.yield() }
                let seen = try await Database.current.pool.run(ResolveDefinitions([definition]))
                #expect(seen.map(\.isSuspended) == [false])
                try await transaction.commit()
                try await suspension
            }
            await session.close()
            await #expect(throws: Rejection.self) { try await engine.start(definition) }
        }
    }

    /// Whether somebody waits for a row of this database.
    private func isLocked() async throws -> Bool {
        let query = DynamicQuery(
            "Waiting",
            "select count(*) from pg_locks where not granted and locktype = 'transactionid'"
        )
        var pipeline = Pipeline()
        let token = pipeline.add(query, rows: RowDecoder(Int64.self))
        return try await Database.current.pool.execute(pipeline)[token].first ?? 0 > 0
    }

    @Test func `names what is not there`() async throws {
        let engine = Engine.ofTest
        let missing = DefinitionID("nowhere")
        await #expect(throws: Rejection.definitionNotFound(id: "nowhere")) {
            try await engine.suspendDefinitions(.one(.id(missing)), isSuspended: true, includingInstances: true)
        }
        for selection in [
            DefinitionSelection.one(.key("no", tenantID: nil)), .versions(of: "no", tenantID: "t"),
            .allVersions(of: "no"),
        ] {
            await #expect(throws: Rejection.definitionKeyNotFound("no")) {
                try await engine.suspendDefinitions(selection, isSuspended: true, includingInstances: true)
            }
            await #expect(throws: Rejection.definitionKeyNotFound("no")) {
                try await engine.deleteDefinitions(selection, cascade: true)
            }
        }
    }
}
