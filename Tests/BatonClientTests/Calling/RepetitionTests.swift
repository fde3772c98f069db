import BatonClient
import HTTPTypes
import JSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A report that does not get through` {
    private let handle = TaskHandle(id: "t-1", workerID: "w")

    /// An engine that answers the reports in this order, the last one again and again.
    private func engine(_ answers: [Result<EngineResponse, BatonError>]) -> FakeEngine {
        let rest = Shared(answers)
        return FakeEngine { _ in
            try rest.change { rest in rest.count > 1 ? rest.removeFirst() : rest[0] }.get()
        }
    }

    /// Lets time pass whenever somebody sleeps for no longer than a pause.
    private func pass(_ clock: ManualClock) async {
        while !Task.isCancelled {
            await clock.sleepers { $0.contains { $0 <= .seconds(5) } }
            clock.advance(by: .milliseconds(500))
        }
    }

    private func complete(_ engine: FakeEngine, patience: Duration = .seconds(30)) async throws -> ReportOutcome {
        let clock = ManualClock()
        let client = EngineClient(engine, clock: clock) { $0.repetition.patience = patience }
        let passing = Task { await pass(clock) }
        defer { passing.cancel() }
        return try await client.complete(handle)
    }

    private static let lost = BatonError(.connectionLost, isOutcomeUnknown: true)

    @Test func `is repeated until it does`() async throws {
        let engine = engine([.failure(Self.lost), .failure(BatonError(.unreachable)), .success(.init(status: 204))])
        #expect(try await complete(engine) == .confirmed)
        #expect(engine.requests.count == 3)
    }

    @Test func `is taken for done when the task is gone after an answer was lost`() async throws {
        let engine = engine([.failure(Self.lost), .success(.noTask("t-1"))])
        #expect(try await complete(engine) == .presumed)
    }

    @Test func `is not taken for done when nothing was sent before`() async throws {
        let engine = engine([.failure(BatonError(.unreachable)), .success(.noTask("t-1"))])
        let error = await #expect(throws: BatonError.self) { try await complete(engine) }
        #expect(error?.code == .notFound)
        #expect(error?.isLockLost == true)
    }

    @Test func `is not taken for done when another worker has the task`() async throws {
        let other = "External Task t-1 cannot be completed by worker 'w'. It is locked by worker 'v'."
        let engine = engine([.failure(Self.lost), .success(.problem(400, other))])
        let error = await #expect(throws: BatonError.self) { try await complete(engine) }
        #expect(error?.code == .notLockedByWorker)
    }

    @Test func `is not repeated when the engine has refused it`() async throws {
        let engine = engine([.success(.problem(500, "Unknown property used in expression: ${missing}."))])
        let error = await #expect(throws: BatonError.self) { try await complete(engine) }
        #expect(error?.code == .engineFailed)
        #expect(error?.description == "complete: Unknown property used in expression: ${missing}. (500 RestException)")
        #expect(engine.requests.count == 1)
    }

    @Test func `is repeated when somebody else changed the same thing`() async throws {
        let conflict = EngineResponse.problem(500, "ENGINE-03005 …", type: "OptimisticLockingException", code: 1)
        let engine = engine([.success(conflict), .success(.init(status: 204))])
        #expect(try await complete(engine) == .confirmed)
    }

    @Test func `gives up when the patience is at its end`() async throws {
        let engine = engine([.failure(BatonError(.unreachable))])
        let error = await #expect(throws: BatonError.self) { try await complete(engine, patience: .seconds(3)) }
        #expect(error?.code == .unreachable)
        #expect(engine.requests.count > 1)
    }

    @Test func `waits as long as the server asks for`() async throws {
        let clock = ManualClock()
        let answers = Shared([EngineResponse.json(503, [:], [.retryAfter: "7"]), EngineResponse(status: 204)])
        let engine = FakeEngine { _ in answers.change { $0.removeFirst() } }
        async let done = EngineClient(engine, clock: clock).complete(handle)
        await clock.sleepers { $0.contains { $0 >= .seconds(7) && $0 < .seconds(8) } }
        #expect(engine.requests.count == 1)
        clock.advance(by: .seconds(8))
        #expect(try await done == .confirmed)
    }

    @Test func `is not unlocked twice when the outcome is unknown`() async throws {
        let engine = engine([.failure(Self.lost)])
        await #expect(throws: BatonError.self) { try await EngineClient(engine).unlock(handle) }
        #expect(engine.requests.count == 1)
    }

    @Test func `fails in time when no answer comes`() async throws {
        let clock = ManualClock()
        let engine = FakeEngine { _ in
            try await Signal().wait()
            return nil
        }
        let client = EngineClient(engine, clock: clock) {
            $0.requestTimeout = .seconds(9)
            $0.repetition = .never
        }
        async let failed = #expect(throws: BatonError.self) { try await client.complete(handle) }
        await clock.sleeps(for: .seconds(9))
        clock.advance(by: .seconds(9))
        let error = await failed
        #expect(error?.code == .timedOut)
        #expect(error?.isOutcomeUnknown == true)
    }
}
