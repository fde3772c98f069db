import EngineCore
import FoundationEssentials
import Testing

@testable import EngineRuntime

@Suite struct `A lane's queue` {
    private func job(_ number: UInt64 = 0, skips: Int = 0) -> CommandJob {
        CommandJob(
            request: .command(.unlockExternalTask(ExternalTaskID(UUID())), target: UUID()),
            seed: number,
            skips: skips
        ) { _ in }
    }

    private func seeds(of turn: CommandQueue.Turn) -> [UInt64]? {
        guard case .run(let jobs, _) = turn else { return nil }
        return jobs.map(\.seed)
    }

    @Test func `makes one batch of what waits, in the order of arrival`() {
        var queue = CommandQueue()
        for number in 0..<5 { #expect(queue.submit(job(UInt64(number))) == .admitted) }
        #expect(seeds(of: queue.next()) == [0, 1, 2, 3, 4])
        guard case .sleep = queue.next() else {
            Issue.record("nothing waits")
            return
        }
    }

    @Test func `bounds a batch, and what waits`() {
        var queue = CommandQueue()
        for _ in 0..<CommandQueue.maximumPending { _ = queue.submit(job()) }
        #expect(queue.submit(job()) == .refusedFull)
        #expect(seeds(of: queue.next())?.count == CommandQueue.maximumBatch)
        #expect(queue.submit(job()) == .admitted)
    }

    @Test func `gives up what came before a moment and is in no batch`() {
        var queue = CommandQueue()
        _ = queue.submit(job(1))
        let moment = ContinuousClock.now
        _ = queue.submit(job(2))
        #expect(queue.expire(arrivedBefore: moment).map(\.seed) == [1])
        #expect(queue.expire(arrivedBefore: moment).isEmpty)
        #expect(seeds(of: queue.next()) == [2])
    }

    @Test func `puts skipped commands first, and lets those wait alone that were skipped too often`() {
        var queue = CommandQueue()
        _ = queue.submit(job(7))
        queue.putBack([job(1), job(2, skips: CommandQueue.maximumSkips - 1)])
        #expect(seeds(of: queue.next()) == [1])
        guard case .run(let alone, waitsForLocks: true) = queue.next() else {
            Issue.record("a command that was skipped too often waits for its root")
            return
        }
        #expect(alone.map(\.seed) == [2])
        #expect(seeds(of: queue.next()) == [7])
    }

    @Test func `finishes what it took on before it stops`() {
        var queue = CommandQueue()
        _ = queue.submit(job(1))
        queue.drain()
        #expect(queue.submit(job(2)) == .refusedDraining)
        #expect(seeds(of: queue.next()) == [1])
        guard case .stop = queue.next() else {
            Issue.record("a drained queue stops")
            return
        }
    }
}
