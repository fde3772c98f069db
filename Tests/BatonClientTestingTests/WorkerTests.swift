import BatonClient
import BatonClientTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A worker on a test engine` {
    let engine = TestEngine()

    @Test func `completes tasks`() async throws {
        let worker = try engine.worker {
            Subscription("charge-card") { task, _ in
                let amount: Int = try task.variables.require("amount")
                return ["receipt": "R-\(amount)"]
            }
        }
        try await engine.run(worker) { _ in
            let id = try engine.addTask("charge-card", variables: ["amount": 42])
            let task = try await engine.task(id) { $0.isCompleted }
            #expect(try task.variables.require("receipt", as: String.self) == "R-42")
            #expect(task.workerID == worker.id)
        }
    }

    @Test func `works through a process`() async throws {
        engine.addProcess("order", topics: ["charge", "send"])
        let worker = try engine.worker {
            Subscription("charge") { _, _ in ["receipt": "R-1"] }
            Subscription("send") { task, _ in
                ["parcel": Variable("of \(try task.variables.require("receipt") as String)")]
            }
        }
        try await engine.run(worker) { _ in
            _ = try await engine.client().startProcess(StartRequest("order"))
            let sent = try await engine.firstTask { $0.topic == "send" && $0.isCompleted }
            #expect(sent.variables["parcel"] == "of R-1")
        }
    }

    @Test func `tries again after the policy's delay, and then makes an incident`() async throws {
        struct Broken: Error {}
        let worker = try engine.worker {
            Subscription("fragile", retryPolicy: .constant(attempts: 2, delay: .seconds(60))) { _, _ in throw Broken() }
        }
        try await engine.run(worker) { running in
            let id = try engine.addTask("fragile")
            let first = try await engine.task(id) { $0.retries == 1 }
            #expect(first.lockRemaining == .seconds(60))
            await running.settle()
            #expect(engine.calls(of: .handleFailure).count == 1)
            await engine.clock.advance(by: .seconds(60))
            #expect(engine.task(id)?.isIncident == true)
        }
    }

    @Test func `keeps a lock for as long as the handler works`() async throws {
        let gate = Gate()
        let worker = try engine.worker {
            Subscription("slow", lockDuration: .seconds(30)) { _, _ in try await gate.wait() }
        }
        try await engine.run(worker) { running in
            let id = try engine.addTask("slow")
            _ = try await engine.task(id) { $0.isLocked }
            await engine.clock.advance(by: .seconds(600))
            #expect(engine.task(id)?.isLocked == true)
            #expect(engine.task(id)?.workerID == worker.id)
            gate.open()
            await running.settle()
            #expect(engine.task(id)?.isCompleted == true)
            #expect(engine.calls(of: .fetchAndLock).count < 40)
        }
    }

    @Test func `cancels the handler whose lock was stolen`() async throws {
        let gate = Gate()
        let wasCancelled = Mutex(false)
        let worker = try engine.worker {
            Subscription("slow", lockDuration: .seconds(30)) { _, _ in
                do {
                    try await gate.wait()
                    return .completed
                } catch {
                    wasCancelled.withLock { $0 = true }
                    throw error
                }
            }
        }
        try await engine.run(worker) { _ in
            let id = try engine.addTask("slow")
            _ = try await engine.task(id) { $0.isLocked }
            engine.stealLock(of: id, for: "other")
            await engine.clock.advance(by: .seconds(30))
            #expect(wasCancelled.withLock { $0 })
            #expect(engine.task(id)?.workerID == "other")
            #expect(engine.calls(of: .complete).isEmpty && engine.calls(of: .handleFailure).isEmpty)
        }
    }

    @Test func `does not report a failure when the answer to a completion is lost`() async throws {
        let worker = try engine.worker { Subscription("once") { _, _ in ["done": true] } }
        engine.inject(.answerLost, into: .complete)
        try await engine.run(worker) { _ in
            let id = try engine.addTask("once")
            let task = try await engine.task(id) { $0.isCompleted }
            #expect(task.variables["done"] == true)
            await engine.clock.advance(by: .seconds(60))
            #expect(engine.calls(of: .complete).count == 2)
            #expect(engine.calls(of: .handleFailure).isEmpty)
        }
    }

    @Test func `comes back when the server does`() async throws {
        let worker = try engine.worker { Subscription("topic") { _, _ in } }
        engine.inject(.connectionRefused, times: nil)
        try await engine.run(worker) { _ in
            let id = try engine.addTask("topic")
            #expect(engine.calls(of: .fetchAndLock).count == 1)
            await engine.clock.advance(by: .seconds(300))
            #expect(engine.task(id)?.status == .open)
            engine.repair()
            await engine.clock.advance(by: .seconds(60))
            #expect(engine.task(id)?.isCompleted == true)
        }
    }

    @Test func `is waited for by who may be cancelled`() async throws {
        let worker = try engine.worker { Subscription("topic") { _, _ in } }
        try await engine.run(worker) { running in
            let waiters: [Task<Void, any Error>] = [
                Task { try await running.ended() },
                Task { _ = try await engine.task("none") { $0.isCompleted } },
                Task { _ = try await engine.waitForCalls(99, of: .complete) },
            ]
            for waiter in waiters {
                waiter.cancel()
                await #expect(throws: CancellationError.self) { try await waiter.value }
            }
        }
    }

    @Test func `leaves an overloaded server alone for as long as it asks`() async throws {
        let worker = try engine.worker { Subscription("topic") { _, _ in } }
        engine.inject(.overloaded(retryAfter: .seconds(40)), into: .fetchAndLock)
        try await engine.run(worker) { running in
            try await engine.waitForCalls(of: .fetchAndLock)
            await running.settle()
            await engine.clock.advance(by: .seconds(39))
            #expect(engine.calls(of: .fetchAndLock).count == 1)
            await engine.clock.advance(by: .seconds(30))
            #expect(engine.calls(of: .fetchAndLock).count > 1)
        }
    }

    @Test func `ends in an orderly way`() async throws {
        let gate = Gate()
        let worker = try engine.worker { Subscription("slow") { _, _ in try await gate.wait() } }
        try await engine.run(worker) { running in
            let id = try engine.addTask("slow")
            _ = try await engine.task(id) { $0.isLocked }
            await running.settle()
            await running.shutDown()
            #expect(!running.hasEnded)
            gate.open()
            try await running.ended()
            #expect(engine.task(id)?.isCompleted == true)
        }
    }

    @Test func `gives back what does not end in time`() async throws {
        let gate = Gate()
        var configuration = Worker.Configuration()
        configuration.drainTimeout = .seconds(10)
        let worker = try engine.worker(configuration: configuration) {
            Subscription("slow") { _, _ in try await gate.wait() }
        }
        try await engine.run(worker) { running in
            let id = try engine.addTask("slow")
            _ = try await engine.task(id) { $0.isLocked }
            await running.settle()
            await running.shutDown()
            await engine.clock.advance(by: .seconds(10))
            try await running.ended()
            #expect(engine.task(id)?.isLocked == false)
            #expect(engine.task(id)?.retries == nil)
        }
    }
}

/// Lets nobody through until it is opened.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() { continuation.finish() }

    func wait() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}
