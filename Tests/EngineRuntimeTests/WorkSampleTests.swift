import EngineCore
import EngineStore
import Measures
import Postgres
import TestSupport
import Testing

@testable import EngineRuntime

/// What is counted of the cluster's work, on a real database.
@Suite(.timeLimit(.minutes(2))) struct `A sample of the work` {
    private func sample() async throws -> WorkSample? {
        try await Database.current.pool.withSession { try await $0.workSample() }
    }

    private func run(_ sql: StaticString) async throws {
        var query = DynamicQuery("Arrange")
        query.append(sql)
        try await Database.current.pool.run(query)
    }

    /// The time is over before which nobody counts again.
    private func letTimePass() async throws { try await run("update work_sample set next_at = clock_timestamp()") }

    @Test(.database) func `counts ready, held, expired and failed tasks of every topic`() async throws {
        try await RunningEngine.one { engine in
            let work = try await engine.deploy("working", oneTask("work"))
            let other = try await engine.deploy("other", oneTask("other"))
            for _ in 0..<4 { _ = try await engine.start(work) }
            _ = try await engine.start(other)
            let held = try await engine.fetch("work", limit: 3)
            try await engine.failExternalTask(
                held[0].id.description,
                FailureReport(worker: "worker", message: nil, details: nil, retries: 0, retryMilliseconds: 0)
            )
            var expire = DynamicQuery("Expire", "update external_task set lock_expiration = 'epoch'")
            expire.append(" where id = ", held[1].id.rawValue)
            try await Database.current.pool.run(expire)

            let sample = try #require(try await sample())
            let found = sample.topics.map { [$0.ready, $0.locked, $0.expired, $0.failed] }
            #expect(sample.topics.map(\.name) == ["other", "work"])
            #expect(found == [[1, 0, 0, 0], [1, 1, 1, 1]])
            #expect(sample.topics.allSatisfy { ($0.oldestMilliseconds ?? -1) >= 0 })
        }
    }

    @Test(.database) func `is taken once for all nodes, and again when its time is over`() async throws {
        let first = try #require(try await sample())
        #expect(first.topics.isEmpty)
        try await RunningEngine.one { engine in
            _ = try await engine.start(try await engine.deploy("working", oneTask("work")))
        }
        #expect(try await sample()?.topics == [])
        try await letTimePass()
        #expect(try await sample()?.topics.map(\.ready) == [1])
    }

    @Test(.database) func `is taken by one node at a time`() async throws {
        _ = try await sample()
        try await letTimePass()
        let other = try await Database.current.connect()
        var pipeline = Pipeline()
        pipeline.begin()
        var lock = DynamicQuery("Lock")
        lock.append("select pg_advisory_xact_lock(hashtextextended('work_sample of ' || current_schema(), 0))")
        pipeline.add(lock, rows: RowDecoder<Void>.none)
        try await other.execute(pipeline)
        let kept = try await Database.current.pool.withSession { session in
            try await session.run(DynamicQuery("Mark", "update work_sample set elapsed_ms = 4711"))
            return try await session.workSample()
        }
        #expect(kept?.elapsedMilliseconds == 4711)
        await other.close()
    }

    @Test(.database) func `that cannot be taken is not tried again at once, and the last one stays`() async throws {
        _ = try await sample()
        try await letTimePass()
        try await run("alter table incident rename to gone")
        await #expect(throws: PostgresError.self) { try await sample() }
        try await run("alter table gone rename to incident")
        try await run("update work_sample set elapsed_ms = 4711")
        #expect(try await sample()?.elapsedMilliseconds == 4711)
    }

    @Test(.database) func `puts topics beyond the bound together`() async throws {
        try await run(
            """
            insert into external_task (id, root_id, instance_id, scope_id, path, definition_id, definition_key,
                activity_id, activity_instance_id, parent_activity_instance_id, topic, priority, create_time, ready)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', 'd', 'd', 'a', 'i',
                'p', 'topic ' || number, 0, clock_timestamp(), true
            from generate_series(1, 1500) as number
            """
        )
        let sample = try #require(try await sample())
        #expect(sample.topics.count == 1_001)
        #expect(sample.topics.first { $0.name == WorkSample.otherTopics }?.ready == 500)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A question that many ask` {
    @Test func `is asked once, and everybody is told`() async {
        let asked = EventCounter()
        let question = SharedQuestion(patience: .seconds(30)) {
            asked.add()
            await Task.yield()
            return 42
        }
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    guard case .known(let answer) = await question.answer(unless: { _, _ in true }) else { return nil }
                    return answer
                }
            }
            for await answer in group { #expect(answer == 42) }
        }
        #expect(asked.value == 1)
    }

    @Test func `that hangs makes nobody wait`() async {
        let (never, _) = AsyncStream<Void>.makeStream()
        let question = SharedQuestion(patience: .milliseconds(10)) { for await _ in never {} }
        for _ in 0..<3 {
            guard case .silence = await question.answer(unless: { _, _ in true }) else {
                Issue.record("nobody can know")
                return
            }
        }
    }
}
