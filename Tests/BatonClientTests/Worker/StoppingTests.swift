import BatonClient
import JSON
import Logging
import ServiceLifecycleTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A worker that stops` {
    private var settings: Worker.Configuration {
        var settings = Worker.Configuration(id: "w")
        settings.drainTimeout = .seconds(20)
        return settings
    }

    @Test func `lets its handlers end and fetches nothing more`() async throws {
        let (engine, clock, began, end) = (FakeEngine(), ManualClock(), Signal(), Signal())
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, settings) {
            Subscription("work") { _, _ in
                began.send()
                try await end.wait()
                return .completed
            }
        } body: { trigger in
            try await began.wait()
            trigger.triggerGracefulShutdown()
            await clock.sleeps(for: .seconds(20))
            engine.add(task("t-2"))
            end.send()
        }
        #expect(engine.requests.map(\.operation).filter { $0 != .fetchAndLock } == [.complete])
    }

    @Test func `cancels handlers that take too long and gives their tasks back`() async throws {
        let (engine, clock, began) = (FakeEngine(), ManualClock(), Signal())
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, settings) {
            Subscription("work", lockDuration: .seconds(600)) { _, _ in
                began.send()
                try await Signal().wait()
                return .completed
            }
        } body: { trigger in
            try await began.wait()
            trigger.triggerGracefulShutdown()
            await clock.sleeps(for: .seconds(20))
            clock.advance(by: .seconds(20))
        }
        #expect(engine.requests.map(\.operation).filter { $0 != .fetchAndLock } == [.unlock])
    }

    @Test func `gives back at once what it holds when it is cancelled`() async throws {
        let (engine, clock, began) = (FakeEngine(), ManualClock(), Signal())
        engine.add(task("t-1"), task("t-2"))
        let count = Shared(0)
        let worker = try Worker(
            client: EngineClient(engine, clock: clock),
            configuration: settings,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) {
            Subscription("work") { _, _ in
                if count.change({
                    $0 += 1; return $0
                }) == 2 {
                    began.send()
                }
                try await Signal().wait()
                return .completed
            }
        }
        let running = Task { try await worker.run() }
        try await began.wait()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(engine.requests(.unlock).count == 2)
        #expect(engine.requests(.complete).isEmpty)
    }
}
