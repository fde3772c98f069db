import EngineCore
import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(1))) struct `A poll that waits` {
    private var rows: TaskRows { TaskRows(runner: Database.current.pool) }

    @Test func `is answered when a task appears on its node`() async throws {
        let node = Node(Database.current)
        let rows = rows
        try await node.running { () async throws in
            async let found = node.fetch("here", wait: .seconds(1000))
            await node.parked(1)
            let id = try await rows.add(TaskRows.Task(topic: "here"))
            node.longPoll.workAppeared([TopicWork(topic: "here")])
            #expect(try await found.map(\.id) == [id])
            #expect(node.longPoll.count == 0)
        }
    }

    @Test func `is answered when a task appears on another node`() async throws {
        let (here, there) = (Node(Database.current), Node(Database.current))
        let rows = rows
        try await here.running { () async throws in
            try await there.running { () async throws in
                async let found = here.fetch("there", wait: .seconds(1000))
                await here.parked(1)
                let id = try await rows.add(TaskRows.Task(topic: "there"))
                there.longPoll.workAppeared([TopicWork(topic: "there")])
                #expect(try await found.map(\.id) == [id])
            }
        }
    }

    @Test func `is answered when a lock runs out, also one that was set on another node`() async throws {
        let (here, there) = (Node(Database.current), Node(Database.current))
        let rows = rows
        try await here.running { () async throws in
            try await there.running { () async throws in
                async let found = here.fetch("runs out", by: "w2", wait: .seconds(1000))
                await here.parked(1)
                let id = try await rows.add(TaskRows.Task(topic: "runs out"))
                let held = try await there.fetch("runs out", by: "w1", lock: 300)
                #expect(held.map(\.id) == [id])
                #expect(try await found.map(\.id) == [id])
            }
        }
    }

    @Test func `is answered when a lock runs out that was set before it came`() async throws {
        let node = Node(Database.current)
        try await rows.add(TaskRows.Task(topic: "before"))
        try await rows.add(TaskRows.Task(topic: "before"))
        _ = try await Node(Database.current).fetch("before", by: "w1", max: 1, lock: 200)
        _ = try await Node(Database.current).fetch("before", by: "w1", max: 1, lock: 400)
        try await node.running { () async throws in
            async let first = node.fetch("before", by: "w2", max: 1, wait: .seconds(1000))
            async let second = node.fetch("before", by: "w3", max: 1, wait: .seconds(1000))
            #expect(try await [first.count, second.count] == [1, 1])
        }
    }

    @Test func `is answered by the safety check when every wake-up was lost`() async throws {
        let node = Node(Database.current) { $0.checkInterval = .milliseconds(20) }
        let rows = rows
        try await node.running { () async throws in
            async let found = node.fetch("lost", wait: .seconds(1000))
            await node.parked(1)
            try await rows.add(TaskRows.Task(topic: "lost"))
            #expect(try await found.count == 1)
        }
    }

    @Test func `with filters is answered when what it wants appears`() async throws {
        let node = Node(Database.current)
        let rows = rows
        try await node.running { () async throws in
            async let found = node.fetch("picky", wait: .seconds(1000)) { $0.businessKey = "x" }
            await node.parked(1)
            try await rows.add(TaskRows.Task(topic: "picky", businessKey: "y"))
            node.longPoll.workAppeared([TopicWork(topic: "picky")])
            let id = try await rows.add(TaskRows.Task(topic: "picky", businessKey: "x"))
            node.longPoll.workAppeared([TopicWork(topic: "picky")])
            #expect(try await found.map(\.id) == [id])
        }
    }

    @Test func `ends with nothing at its deadline`() async throws {
        let node = Node(Database.current)
        try await node.running { () async throws in
            #expect(try await node.fetch("nothing", wait: .milliseconds(30)).isEmpty)
            #expect(try await node.fetch("nothing", wait: .zero).isEmpty)
            #expect(try await node.fetch("nothing", wait: .seconds(-1)).isEmpty)
            #expect(try await node.fetch(wait: .milliseconds(30)).isEmpty)
            #expect(node.longPoll.count == 0)
        }
    }

    @Test func `ends with nothing at once when the node stops`() async throws {
        let node = Node(Database.current)
        try await node.running { () async throws in
            async let found = node.fetch("stop", wait: .seconds(1000))
            await node.parked(1)
            node.longPoll.drain()
            #expect(try await found.isEmpty)
            #expect(try await node.fetch("stop", wait: .seconds(1000)).isEmpty)
        }
    }

    @Test func `is taken out when its client has gone, and nothing is locked for it`() async throws {
        let node = Node(Database.current)
        let rows = rows
        try await node.running { () async throws in
            let poll = Task { try await node.fetch("gone", wait: .seconds(1000)) }
            await node.parked(1)
            poll.cancel()
            await #expect(throws: CancellationError.self) { try await poll.value }
            #expect(node.longPoll.count == 0)
            try await rows.add(TaskRows.Task(topic: "gone"))
            node.longPoll.workAppeared([TopicWork(topic: "gone")])
            #expect(try await node.fetch("gone").count == 1)
        }
    }

    @Test func `never keeps tasks locked when its client goes while it fetches`() async throws {
        let node = Node(Database.current)
        for index in 0..<50 { try await rows.add(TaskRows.Task(topic: "going", createdAt: index)) }
        try await node.running { () async throws in
            var delivered = 0
            for index in 0..<50 {
                let poll = Task { try await node.fetch("going", max: 1, wait: .seconds(1000)) }
                for _ in 0..<index * 20 { await Task.yield() }
                poll.cancel()
                delivered += (try? await poll.value.count) ?? 0
            }
            let left = try await node.fetch("going", max: 100)
            #expect(delivered + left.count == 50)
        }
    }

    @Test func `is refused beyond the most that may wait, but served when there is work`() async throws {
        let node = Node(Database.current) { $0.waiters = 0 }
        await #expect(throws: PollRefusal.tooMany) { try await node.fetch("refused", wait: .seconds(1)) }
        try await rows.add(TaskRows.Task(topic: "refused"))
        #expect(try await node.fetch("refused", wait: .seconds(1)).count == 1)
    }

    @Test func `needs neither connection nor query`() async throws {
        let limits = Pool.Limits(acquireTimeout: .seconds(60))
        let pool = Pool(Database.current.settings, limits: limits, logger: TestServer.logger)
        let node = Node(Database.current, pool: pool)
        try await node.running { () async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<500 { group.addTask { try await node.fetch("quiet", wait: .seconds(1000)).count } }
                await node.parked(500)
                #expect(pool.statistics.busy == 0)
                node.longPoll.drain()
                for try await count in group { #expect(count == 0) }
            }
        }
        await pool.shutdown()
    }
}
