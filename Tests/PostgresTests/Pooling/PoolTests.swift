import Postgres
import TestSupport
import Testing

@Suite(.database(.items)) struct `A pool` {
    private func pool(_ limits: Pool.Limits) -> Pool {
        Pool(Database.current.settings, limits: limits, logger: TestServer.logger)
    }

    @Test func `uses its sessions again`() async throws {
        let pool = pool(.init(maximum: 5))
        let first = try await pool.run(ProcessID())
        #expect(try await pool.run(ProcessID()) == first)
        #expect(pool.statistics == .init(busy: 0, idle: 1, waiting: 0))
        await pool.shutdown()
    }

    @Test func `never has more sessions than its bound`() async throws {
        let pool = pool(.init(maximum: 3, acquireTimeout: .seconds(60)))
        let backends = try await withThrowingTaskGroup(of: [Int32].self) { group in
            for _ in 0..<200 { group.addTask { try await pool.run(ProcessID()) } }
            return try await group.reduce(into: Set<Int32>()) { $0.formUnion($1) }
        }
        #expect(backends.count <= 3)
        #expect(pool.statistics.busy == 0)
        await pool.shutdown()
    }

    @Test func `refuses a caller that waited too long`() async throws {
        let pool = pool(.init(maximum: 1, acquireTimeout: .seconds(10)))
        try await pool.withSession { _ in
            let error = await #expect(throws: PostgresError.self) { try await pool.run(ProcessID()) }
            #expect(error?.kind == .poolTimeout)
        }
        #expect(try await pool.run(Divide(divisor: 1)) == [100])
        await pool.shutdown()
    }

    @Test func `lets a cancelled caller go at once`() async throws {
        let pool = pool(.init(maximum: 1, acquireTimeout: .seconds(60)))
        try await pool.withSession { _ in
            let waiting = Task { try await pool.run(ProcessID()) }
            while pool.statistics.waiting == 0 { await Task.yield() }
            waiting.cancel()
            let error = await #expect(throws: PostgresError.self) { try await waiting.value }
            #expect(error?.kind == .cancelled)
        }
        #expect(pool.statistics.waiting == 0)
        await pool.shutdown()
    }

    @Test func `replaces a session that the database ended while it was idle`() async throws {
        let pool = pool(.init(maximum: 1))
        let first = try #require(try await pool.run(ProcessID()).first)
        #expect(try await Database.current.pool.run(Terminate(processID: first)) == [true])
        let second = try #require(try await pool.run(ProcessID()).first)
        #expect(first != second)
        await pool.shutdown()
    }

    @Test func `does a transaction again whose session was ended before the commit`() async throws {
        let pool = pool(.init(maximum: 2))
        var attempts = 0
        try await pool.transaction { transaction in
            attempts += 1
            let own = try #require(try await transaction.run(ProcessID()).first)
            try await transaction.run(Insert(key: "ended", numbers: [1]))
            if attempts == 1 { try await Database.current.pool.run(Terminate(processID: own)) }
            try await transaction.run(Insert(key: "ended", numbers: [2]))
        }
        #expect(attempts == 2)
        #expect(try await pool.run(Numbers(key: "ended")) == [1, 2])
        await pool.shutdown()
    }

    @Test func `rolls back what a caller left open`() async throws {
        let pool = pool(.init(maximum: 1))
        try await pool.withSession { session in
            var pipeline = Pipeline()
            pipeline.begin()
            pipeline.add(Insert(key: "left", numbers: [1]))
            try await session.execute(pipeline)
        }
        #expect(try await pool.run(Numbers(key: "left")) == [])
        #expect(pool.statistics.idle == 1)
        await pool.shutdown()
    }

    @Test func `opens as many sessions as are to stay open`() async throws {
        let pool = pool(.init(minimum: 3, maximum: 5))
        try await pool.warmUp()
        #expect(pool.statistics == .init(busy: 0, idle: 3, waiting: 0))
        await pool.shutdown()
    }

    @Test func `says why no session could be opened`() async throws {
        var settings = Database.current.settings
        settings.database = "no such database"
        let pool = Pool(settings, limits: .init(acquireTimeout: .seconds(5)), logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) { try await pool.run(ProcessID()) }
        #expect(error.isConnectionLoss)
        #expect(error.debugDescription.contains("no such database"))
        #expect(pool.statistics == .init(busy: 0, idle: 0, waiting: 0))
        await pool.shutdown()
    }

    @Test func `does not wait longer for a host that says nothing than its callers may wait`() async throws {
        let server = try SilentServer()
        let settings = ConnectionSettings(server.conninfo)
        let pool = Pool(settings, limits: .init(acquireTimeout: .milliseconds(20)), logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) { try await pool.run(ProcessID()) }
        #expect(error.kind == .poolTimeout)
        #expect(pool.statistics == .init(busy: 0, idle: 0, waiting: 0))
        await pool.shutdown()
    }

    @Test func `refuses everybody once it is shut down, and waits for those who are at work`() async throws {
        let pool = pool(.init(maximum: 1, acquireTimeout: .seconds(60)))
        let gate = Gate(count: 2)
        let working = Task {
            try await pool.withSession { session in
                await gate.arrive()
                return try await session.run(Divide(divisor: 1))
            }
        }
        while pool.statistics.busy == 0 { await Task.yield() }
        let waiting = Task { try await pool.run(ProcessID()) }
        while pool.statistics.waiting == 0 { await Task.yield() }
        async let shutdown: Void = pool.shutdown()
        let refused = await #expect(throws: PostgresError.self) { try await waiting.value }
        #expect(refused?.kind == .closed)
        await gate.arrive()
        #expect(try await working.value == [100])
        await shutdown
        let late = await #expect(throws: PostgresError.self) { try await pool.run(ProcessID()) }
        #expect(late?.kind == .closed)
    }
}
