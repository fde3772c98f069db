import EngineCore
import EngineRuntime
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `A commit whose connection dies` {
    /// The first commits of new instances end in the death of their connection: at the deferred trigger, which runs
    /// when everything is written and the commit has begun.
    private static let deaths = SQLScript(
        name: "deaths",
        trusted: """
            create sequence death;
            create function die() returns trigger language plpgsql as $$
            begin
                -- A sequence is not rolled back: it counts the deaths.
                if nextval('death') <= 3 then perform pg_terminate_backend(pg_backend_pid()); end if;
                return null;
            end $$;
            create constraint trigger die after insert on process_instance
                deferrable initially deferred for each row execute function die();
            """
    )

    @Test func `is found out about and repeated, and every start is there exactly once`() async throws {
        try await RunningEngine.one(lanes: 1) { engine in
            let process = try await engine.deploy("lost", oneTask("lost"))
            try await engine.pool.withSession { session in try await session.run(Self.deaths) }
            let ids = try await withThrowingTaskGroup(of: ProcessInstanceID.self) { group in
                for _ in 0..<20 { group.addTask { try await engine.start(process).id } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 20)
            #expect(try await engine.count("process_instance") == 20)
            #expect(try await engine.count("external_task") == 20)
            #expect(try await engine.fetch("lost", limit: 50).count == 20)
        }
    }
}
