import JSON
import Testing

@testable import BatonClient

@Suite(.timeLimit(.minutes(1))) struct `The lock of a task` {
    /// Runs a handler that waits for the signal, and says how it ended.
    private func withHeldTask(
        _ engine: FakeEngine,
        _ clock: ManualClock,
        extending: LockExtension = .automatic,
        first: @escaping @Sendable (TaskContext) async throws -> Void = { _ in },
        until end: Signal,
        _ body: () async throws -> Void
    ) async throws -> String {
        let fate = Shared("running")
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock) {
            Subscription("work", lockDuration: .seconds(10), lockExtension: extending) { _, context in
                do {
                    try await first(context)
                    try await end.wait()
                    fate.change { $0 = "ended" }
                } catch {
                    fate.change { $0 = context.isLockLost ? "lost" : "cancelled" }
                    throw error
                }
                return .completed
            }
        } body: { _ in
            try await body()
        }
        return fate.value
    }

    @Test func `is extended at half of its time, again and again`() async throws {
        let (engine, clock, end) = (FakeEngine(), ManualClock(), Signal())
        let fate = try await withHeldTask(engine, clock, until: end) {
            for count in 1...3 {
                await clock.sleeps(for: .seconds(5))
                clock.advance(by: .seconds(5))
                await engine.comes(.extendLock, count)
            }
            await clock.sleeps(for: .seconds(5))
            end.send()
            await engine.comes(.complete)
        }
        #expect(fate == "ended")
        #expect(engine.requests(.extendLock).count == 3)
        #expect(engine.requests(.extendLock).allSatisfy { $0.body == ["workerId": "w", "newDuration": 10_000] })
    }

    @Test(arguments: [
        EngineResponse.noTask("t-1"),
        .problem(
            400,
            "The lock of the External Task t-1 cannot be extended by worker 'w''. It is locked by worker 'v'."
        ),
    ])
    func `is lost when the engine says so, and the handler is cancelled`(answer: EngineResponse) async throws {
        let engine = FakeEngine { $0.operation == .extendLock ? answer : nil }
        let clock = ManualClock()
        let fate = try await withHeldTask(engine, clock, until: Signal()) {
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
            await engine.comes(.extendLock)
            await clock.noLongerSleeps(for: .seconds(5))
        }
        #expect(fate == "lost")
        #expect(engine.requests.allSatisfy { [.fetchAndLock, .extendLock].contains($0.operation) })
    }

    @Test func `is taken again when it ran out and nobody else has it`() async throws {
        let engine = FakeEngine { request in
            request.operation == .extendLock
                ? .problem(
                    400,
                    "Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to 1"
                )
                : nil
        }
        let (clock, end) = (ManualClock(), Signal())
        let fate = try await withHeldTask(engine, clock, until: end) {
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
            await engine.comes(.lock)
            await clock.sleeps(for: .seconds(5))
            end.send()
            await engine.comes(.complete)
        }
        #expect(fate == "ended")
        #expect(engine.requests(.lock).first?.body == ["workerId": "w", "lockDuration": 10_000])
    }

    @Test func `is lost when it runs out without an extension that got through`() async throws {
        let engine = FakeEngine { request in
            guard request.operation == .extendLock else { return nil }
            throw BatonError(.unreachable)
        }
        let clock = ManualClock()
        let fate = try await withHeldTask(engine, clock, until: Signal()) {
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
            // One more attempt each second, the last one before the lock ends.
            for count in 1...4 {
                await engine.comes(.extendLock, count)
                await clock.sleeps(for: .seconds(1))
                clock.advance(by: .seconds(1))
            }
            await engine.comes(.extendLock, 5)
            await clock.sleeps(for: .seconds(1))
            clock.advance(by: .seconds(1))
            await clock.noLongerSleeps(for: .seconds(1))
        }
        #expect(fate == "lost")
        #expect(engine.requests(.extendLock).count == 5)
        #expect(engine.requests(.complete).isEmpty)
    }

    @Test func `outlives a short failure of the server`() async throws {
        let failures = Shared(2)
        let engine = FakeEngine { request in
            guard request.operation == .extendLock else { return nil }
            let fails = failures.change { left in
                left -= 1
                return left >= 0
            }
            return fails ? .problem(503, "", type: "X") : nil
        }
        let (clock, end) = (ManualClock(), Signal())
        let fate = try await withHeldTask(engine, clock, until: end) {
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
            for count in 1...2 {
                await engine.comes(.extendLock, count)
                await clock.sleeps(for: .seconds(1))
                clock.advance(by: .seconds(1))
            }
            await engine.comes(.extendLock, 3)
            await clock.sleeps(for: .seconds(5))
            end.send()
            await engine.comes(.complete)
        }
        #expect(fate == "ended")
    }

    @Test func `is left alone when the handler wants that`() async throws {
        let (engine, clock) = (FakeEngine(), ManualClock())
        let fate = try await withHeldTask(engine, clock, extending: .manual, until: Signal()) {
            await clock.sleeps(for: .seconds(10))
            clock.advance(by: .seconds(10))
            await clock.noLongerSleeps(for: .seconds(10))
        }
        #expect(fate == "lost")
        #expect(engine.requests(.extendLock).isEmpty)
    }

    @Test(arguments: [
        // What the handler asks for, and when it is extended next.
        (Duration.seconds(4), Duration.seconds(2)), (.seconds(10), .seconds(5)), (.seconds(100), .seconds(95)),
    ])
    func `is extended in time after the handler has changed its end`(asked: Duration, due: Duration) async throws {
        let (engine, clock, change, end) = (FakeEngine(), ManualClock(), Signal(), Signal())
        let fate = try await withHeldTask(
            engine,
            clock,
            first: { context in
                try await change.wait()
                try await context.extendLock(for: asked)
            },
            until: end
        ) {
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(1))
            change.send()
            await engine.comes(.extendLock)
            await clock.sleeps(for: due)
            clock.advance(by: due)
            await engine.comes(.extendLock, 2)
            await clock.sleeps(for: .seconds(5))
            end.send()
            await engine.comes(.complete)
        }
        #expect(fate == "ended")
        #expect(engine.requests(.extendLock).last?.body == ["workerId": "w", "newDuration": 10_000])
    }

    @Test func `is lost at the end that the handler has given it`() async throws {
        let (engine, clock, change) = (FakeEngine(), ManualClock(), Signal())
        let fate = try await withHeldTask(
            engine,
            clock,
            extending: .manual,
            first: { context in
                try await change.wait()
                try await context.extendLock(for: .seconds(3))
            },
            until: Signal()
        ) {
            await clock.sleeps(for: .seconds(10))
            change.send()
            await clock.sleeps(for: .seconds(3))
            clock.advance(by: .seconds(3))
            await clock.noLongerSleeps(for: .seconds(3))
        }
        #expect(fate == "lost")
    }

    @Test func `ends with the shorter one of two extensions at the same time`() {
        let hold = LockHold(sent: .zero, received: .zero, duration: .seconds(10))
        hold.extended(sent: .seconds(2), answered: .seconds(6), by: .seconds(60))
        hold.extended(sent: .seconds(5), answered: .seconds(7), by: .seconds(10))
        #expect(hold.end == .seconds(15))
        hold.extended(sent: .seconds(8), answered: .seconds(9), by: .seconds(60))
        #expect(hold.end == .seconds(68))
        hold.perhapsExtended(sent: .seconds(9), answered: .seconds(12), by: .seconds(5))
        #expect(hold.end == .seconds(14))
        hold.perhapsExtended(sent: .seconds(13), answered: .seconds(14), by: .seconds(90))
        #expect(hold.end == .seconds(14))
    }

    @Test func `is not taken again by a handler that has slept past its end`() async throws {
        let (engine, clock) = (FakeEngine(), ManualClock())
        let fate = try await withHeldTask(engine, clock, until: Signal()) {
            await clock.sleeps(for: .seconds(5))
            // As when the process was stopped for a while.
            clock.advance(by: .seconds(31))
            await clock.noLongerSleeps(for: .seconds(5))
        }
        #expect(fate == "lost")
        #expect(engine.requests.allSatisfy { $0.operation == .fetchAndLock })
    }
}
