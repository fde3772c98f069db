import BatonClient
import HTTPTypes
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

    /// A handler that has ended, while its report is not taken.
    private func withReport(
        _ engine: FakeEngine,
        _ clock: ManualClock,
        _ handler: @escaping Subscription.Handler = { _, _ in .completed },
        _ body: (GracefulShutdownTestTrigger) async throws -> Void
    ) async throws {
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, settings) {
            Subscription("work", lockDuration: .seconds(6000), handler: handler)
        } body: { trigger in
            try await body(trigger)
        }
    }

    @Test func `tries once more at once when it waits to report again`() async throws {
        let answers = Shared([EngineResponse.json(503, [:], [.retryAfter: "1000"]), EngineResponse(status: 204)])
        let engine = FakeEngine { request in
            request.operation == .complete ? answers.change { $0.removeFirst() } : nil
        }
        let clock = ManualClock()
        var patient = settings
        patient.reportPatience = .seconds(5000)
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, patient) {
            Subscription("work", lockDuration: .seconds(6000)) { _, _ in }
        } body: { trigger in
            await clock.sleepers { $0.contains { $0 >= .seconds(1000) } }
            trigger.triggerGracefulShutdown()
            await clock.sleeps(for: .seconds(20))
            clock.advance(by: .seconds(20))
        }
        #expect(engine.requests(.complete).count == 2)
        #expect(clock.now.offset == .seconds(20))
    }

    @Test(arguments: [EngineOperation.complete, .unlock])
    func `gives up soon when the server does not answer`(operation: EngineOperation) async throws {
        let engine = FakeEngine { request in
            if request.operation == operation { try await Signal().wait() }
            return nil
        }
        let (clock, began) = (ManualClock(), Signal())
        let handler: Subscription.Handler = { _, _ in
            began.send()
            if operation == .unlock { try await Signal().wait() }
            return .completed
        }
        try await withReport(engine, clock, handler) { trigger in
            try await began.wait()
            if operation == .complete { await engine.comes(.complete) }
            trigger.triggerGracefulShutdown()
            await clock.sleeps(for: .seconds(20))
            if operation == .complete {
                // The first attempt is out of time, and another one is under way.
                clock.advance(by: .seconds(15))
                await clock.sleepers { $0.contains { $0 <= .milliseconds(100) } }
                clock.advance(by: .milliseconds(100))
                await engine.comes(.complete, 2)
                clock.advance(by: .milliseconds(4900))
            } else {
                clock.advance(by: .seconds(20))
                await engine.comes(.unlock)
            }
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
        }
        #expect(clock.now.offset == .seconds(25))
    }

    @Test func `gives tasks back side by side`() async throws {
        let count = Shared(0)
        let all = Signal()
        let engine = FakeEngine { request in
            guard request.operation == .unlock else { return nil }
            let isLast = count.change { count in
                count += 1
                return count == 3
            }
            if isLast { all.send() }
            try await all.wait()
            return nil
        }
        // Nobody has asked for tasks of this topic.
        engine.add(task("1", topic: "other"), task("2", topic: "other"), task("3", topic: "other"))
        try await withWorker(engine, settings) {
            Subscription("work") { _, _ in }
        } body: { _ in
            await engine.comes(.unlock, 3)
        }
        #expect(engine.requests(.unlock).count == 3)
    }

    @Test func `is not run again`() async throws {
        let engine = FakeEngine()
        let worker = try Worker(
            client: EngineClient(engine),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) {
            Subscription("work") { _, _ in }
        }
        let running = Task { try await worker.run() }
        await engine.comes(.fetchAndLock)
        let error = await #expect(throws: BatonError.self) { try await worker.run() }
        #expect(error?.code == .alreadyRun)
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        await #expect(throws: BatonError.self) { try await worker.run() }
    }
}
