import BatonClient
import Foundation
import JSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A lock that may be over when its task arrives` {
    /// The operations after a poll whose answer comes so late, and how often the handler was called.
    private func calls(
        after delay: Duration,
        lockExpiration: JSONValue = .null,
        date: Date? = nil,
        extending answer: EngineResponse,
        until operation: EngineOperation
    ) async throws -> (operations: [EngineOperation], handled: Int) {
        let (gate, polls, handled, clock) = (Signal(), Shared(0), Shared(0), ManualClock())
        let given: JSONValue = [
            "id": "t-1", "workerId": "w", "topicName": "work", "lockExpirationTime": lockExpiration,
            "executionId": "execution", "processInstanceId": "instance", "priority": 0,
        ]
        let engine = FakeEngine { request in
            if request.operation == .extendLock { return answer }
            guard request.operation == .fetchAndLock else { return nil }
            let poll = polls.change { polls in
                polls += 1
                return polls
            }
            guard poll == 1 else { return nil }
            try await gate.wait()
            return .json(200, .array([given]))
        }
        try await withWorker(engine, clock: clock, date: date) {
            Subscription("work", lockDuration: .seconds(10)) { _, _ in handled.change { $0 += 1 } }
        } body: { _ in
            await engine.comes(.fetchAndLock)
            clock.advance(by: delay)
            gate.send()
            await engine.comes(operation)
        }
        return (engine.requests.map(\.operation).filter { $0 != .fetchAndLock }, handled.value)
    }

    private static let taken = EngineResponse.problem(
        400,
        "The lock of the External Task t-1 cannot be extended by worker 'w''. It is locked by worker 'v'."
    )

    @Test func `is extended before the handler is called when the answer is late`() async throws {
        let (operations, handled) = try await calls(
            after: .seconds(25),
            extending: EngineResponse(status: 204),
            until: .complete
        )
        #expect(operations == [.extendLock, .complete])
        #expect(handled == 1)
    }

    @Test func `is lost when it cannot be extended, and the handler is not called`() async throws {
        let (operations, handled) = try await calls(after: .seconds(25), extending: Self.taken, until: .extendLock)
        #expect(operations == [.extendLock])
        #expect(handled == 0)
    }

    @Test func `is extended when it is over by the machine's clock`() async throws {
        let (operations, handled) = try await calls(
            after: .seconds(15),
            lockExpiration: "2025-07-08T09:31:15.250+0000",
            date: Date(timeIntervalSince1970: 1_751_967_076),
            extending: Self.taken,
            until: .extendLock
        )
        #expect(operations == [.extendLock])
        #expect(handled == 0)
    }

    @Test func `is not asked for when there is no doubt`() async throws {
        let (operations, handled) = try await calls(
            after: .seconds(15),
            lockExpiration: "2025-07-08T09:31:15.250+0000",
            date: Date(timeIntervalSince1970: 1_751_967_074),
            extending: Self.taken,
            until: .complete
        )
        #expect(operations == [.complete])
        #expect(handled == 1)
    }
}
