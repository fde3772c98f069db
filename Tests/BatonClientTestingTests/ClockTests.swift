import BatonClientTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A test clock` {
    private final class Moments: Sendable {
        let list = Mutex<[Duration]>([])
    }

    @Test func `stands still until it is moved on`() async throws {
        let clock = TestClock()
        #expect(clock.now.offset == .zero)
        await clock.advance(by: .seconds(3))
        #expect(clock.now.offset == .seconds(3))
    }

    @Test func `wakes sleepers at their moments, in order`() async throws {
        let clock = TestClock()
        let moments = Moments()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await clock.run {
                    // Each pause begins where the last one ended, although the clock is moved on in one go.
                    for _ in 1...3 {
                        try await clock.sleep(for: .seconds(10))
                        moments.list.withLock { $0.append(clock.now.offset) }
                    }
                }
            }
            try await clock.waitForSleepers()
            await clock.advance(by: .seconds(35))
            #expect(moments.list.withLock { $0 } == [.seconds(10), .seconds(20), .seconds(30)])
            #expect(clock.now.offset == .seconds(35))
            try await group.waitForAll()
        }
    }

    @Test func `does not sleep until what is past`() async throws {
        let clock = TestClock()
        try await clock.sleep(until: clock.now)
        try await clock.sleep(for: .seconds(-1))
        #expect(clock.sleeperCount == 0)
    }

    @Test func `lets sleepers be cancelled`() async throws {
        let clock = TestClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        try await clock.waitForSleepers()
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test func `goes to the next sleeper`() async throws {
        let clock = TestClock()
        let sleeper = Task { try await clock.sleep(for: .milliseconds(250)) }
        try await clock.waitForSleepers()
        #expect(await clock.advanceToNextSleeper() == .milliseconds(250))
        try await sleeper.value
        #expect(await clock.advanceToNextSleeper() == nil)
    }

    @Test func `can be waited for by who is cancelled`() async throws {
        let clock = TestClock()
        let watcher = Task { try await clock.waitForSleepers(2) }
        watcher.cancel()
        await #expect(throws: CancellationError.self) { try await watcher.value }
    }
}
