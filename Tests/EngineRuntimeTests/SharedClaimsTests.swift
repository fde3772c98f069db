import EngineCore
import EngineStore
import FoundationEssentials
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import EngineRuntime

@Suite(.timeLimit(.minutes(1))) struct `Polls that want the same` {
    /// Runs claims that find nothing, one whenever it is let.
    private final class Claims: Sendable {
        /// The workers of each claim.
        let seen = Mutex<[[WorkerID]]>([])
        private let (begun, begins) = AsyncStream.makeStream(of: Void.self)
        private let (allowed, allows) = AsyncStream.makeStream(of: Void.self)

        func run(_ polls: [SharedClaims.Entry]) async {
            seen.withLock { $0.append(polls.map(\.fetch.request.worker)) }
            begins.yield()
            for await _ in allowed { break }
            for poll in polls { poll.answer.resume(returning: []) }
        }

        func hasBegun() async { for await _ in begun { break } }
        func allow() { allows.yield() }
    }

    private func poll(
        _ worker: WorkerID,
        _ topics: String...,
        max: Int = 10,
        priority: Bool = false
    )
        -> ExternalTaskFetcher.Fetch
    {
        let request = FetchRequest(
            worker: worker,
            maxTasks: max,
            order: FetchOrder(usePriority: priority),
            topics: topics.map { TopicRequest(topic: $0, lockMilliseconds: 1000) }
        )
        return ExternalTaskFetcher.Fetch(request: request) { _ in }
    }

    /// Sends polls one after the other while the first one's claim is under way, and lets `count` claims run.
    private func claims(_ polls: [ExternalTaskFetcher.Fetch], count: Int) async throws -> [[WorkerID]] {
        let (shared, claims) = (SharedClaims(), Claims())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, poll) in polls.enumerated() {
                group.addTask { _ = try await shared.claim(poll, as: nil) { await claims.run($0) } }
                if index == 0 { await claims.hasBegun() } else { await shared.admits(index) }
            }
            for number in 1...count {
                claims.allow()
                if number < count { await claims.hasBegun() }
            }
            try await group.waitForAll()
        }
        return claims.seen.withLock(\.self)
    }

    @Test func `share the claim after the one that is under way, in the order in which they came`() async throws {
        let polls = ["a", "b", "c", "d"].map { poll(WorkerID($0), "t") }
        #expect(try await claims(polls, count: 2) == [["a"], ["b", "c", "d"]])
    }

    @Test func `share no more tasks than a claim may take`() async throws {
        let polls = [
            poll("a", "t"), poll("b", "t", max: 600), poll("c", "t", max: 400), poll("d", "t", max: 1),
            poll("e", "t", max: 5_000),
        ]
        #expect(try await claims(polls, count: 4) == [["a"], ["b", "c"], ["d"], ["e"]])
    }

    @Test func `do not wait for those that want something else`() async throws {
        let (shared, claims) = (SharedClaims(), Claims())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for other in [poll("a", "t"), poll("b", "u"), poll("c", "t", "u"), poll("d", "t", priority: true)] {
                group.addTask { _ = try await shared.claim(other, as: nil) { await claims.run($0) } }
                await claims.hasBegun()
            }
            for _ in 0..<4 { claims.allow() }
            try await group.waitForAll()
        }
        #expect(claims.seen.withLock(\.self) == [["a"], ["b"], ["c"], ["d"]])
    }

    @Test func `are taken out when they are cancelled before their claim begins`() async throws {
        let (shared, claims) = (SharedClaims(), Claims())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await shared.claim(self.poll("a", "t"), as: nil) { await claims.run($0) } }
            await claims.hasBegun()
            let gone = Task { try await shared.claim(poll("gone", "t"), as: nil) { await claims.run($0) } }
            await shared.admits(1)
            gone.cancel()
            await #expect(throws: CancellationError.self) { try await gone.value }
            group.addTask { _ = try await shared.claim(self.poll("b", "t"), as: nil) { await claims.run($0) } }
            await shared.admits(1)
            claims.allow()
            await claims.hasBegun()
            claims.allow()
            try await group.waitForAll()
        }
        #expect(claims.seen.withLock(\.self) == [["a"], ["b"]])
        #expect(shared.waiting == 0)
    }

    @Test func `are refused when no claim could begin for them in time`() async throws {
        let (shared, claims) = (SharedClaims(), Claims())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await shared.claim(self.poll("a", "t"), as: nil) { await claims.run($0) } }
            await claims.hasBegun()
            let late = Task { try await shared.claim(poll("late", "t"), as: nil) { await claims.run($0) } }
            await shared.admits(1)
            shared.shed(arrivedBefore: .now)
            await #expect(throws: Overload.waitedTooLong) { try await late.value }
            claims.allow()
            try await group.waitForAll()
        }
        #expect(claims.seen.withLock(\.self) == [["a"]])
    }

    @Test func `may be cancelled before they ask`() async throws {
        let shared = SharedClaims()
        let poll = poll("a", "t")
        let gone = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await shared.claim(poll, as: nil) { _ in Issue.record("nothing is claimed") }
        }
        await #expect(throws: CancellationError.self) { try await gone.value }
    }
}

extension SharedClaims {
    /// Returns when so many polls wait for a claim.
    fileprivate func admits(_ count: Int) async {
        while waiting != count { await Task.yield() }
    }
}

@Suite(.database) struct `A claim for several polls` {
    private let rows = TaskRows(runner: Database.current.pool)

    private func request(_ worker: WorkerID, max: Int, locks: [Int64]) -> FetchRequest {
        FetchRequest(
            worker: worker,
            maxTasks: max,
            topics: zip(["a", "b"], locks).map { TopicRequest(topic: $0, lockMilliseconds: $1) }
        )
    }

    private func run(_ requests: [FetchRequest]) async throws -> Claim.Outcome {
        let nothing = SweepSchedule().plan([], now: .zero)
        let claim = Claim(requests: requests, sweep: nothing, laterSweep: nothing, learning: nothing)
        return try await Database.current.pool.withSession { try await claim.run(on: $0) }
    }

    @Test func `gives the oldest poll the first tasks, and each its own worker and lock`() async throws {
        var ids: [ExternalTaskID] = []
        for index in 0..<6 {
            ids.append(try await rows.add(TaskRows.Task(topic: index.isMultiple(of: 2) ? "a" : "b", createdAt: index)))
        }
        let outcome = try await run([
            request("w1", max: 2, locks: [10_000, 20_000]), request("w2", max: 3, locks: [30_000, 40_000]),
            request("w3", max: 4, locks: [50_000, 60_000]), request("w4", max: 1, locks: [1, 1]),
        ])
        #expect(outcome.tasks.map { $0.map(\.id) } == [Array(ids[0..<2]), Array(ids[2..<5]), Array(ids[5...]), []])
        #expect(outcome.tasks.map { $0.map(\.worker) } == [["w1", "w1"], ["w2", "w2", "w2"], ["w3"], []])
        let first = try #require(outcome.tasks[0].first).lockExpiration.microseconds
        let locks = outcome.tasks.joined().map { ($0.lockExpiration.microseconds - first) / 1_000_000 + 10 }
        #expect(locks == [10, 20, 30, 40, 30, 60])
    }

    @Test func `hands over to each poll the variables that it wants`() async throws {
        for index in 0..<2 {
            let task = TaskRows.Task(topic: "a", createdAt: 100 + index)
            try await rows.add(task)
            try await rows.add(variable: "x", .long(1), to: task.instance)
            try await rows.add(variable: "y", .long(2), to: task.instance)
        }
        var wishes = [request("w1", max: 1, locks: [1000]), request("w2", max: 1, locks: [1000])]
        var topic = TopicRequest(topic: "a", lockMilliseconds: 1000)
        topic.variables = ["y"]
        wishes[1] = FetchRequest(worker: "w2", maxTasks: 1, topics: [topic])
        let outcome = try await run(wishes)
        #expect(outcome.tasks.map { $0.map { $0.variables.map(\.name) } } == [[["x", "y"]], [["y"]]])
    }
}
