import BatonClient
import Foundation
import JSON
import ServiceLifecycleTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A failure that a handler throws` {
    private struct Secretive: Error {
        let password = "hidden"
    }

    private struct Telling: LocalizedError {
        let password = "hidden"
        var errorDescription: String? { "The bank is closed" }
    }

    private struct Described: Error, CustomStringConvertible {
        let password = "hidden"
        var description: String { "No such account" }
    }

    /// The bodies of the reports of a failure, until one is taken.
    private func reports(
        _ engine: FakeEngine = FakeEngine(),
        count: Int = 1,
        handler: @escaping Subscription.Handler
    ) async throws -> [JSONValue] {
        engine.add(task("t-1"))
        try await withWorker(engine) {
            Subscription("work", retryPolicy: .constant(attempts: 3, delay: .seconds(7)), handler: handler)
        } body: { _ in
            await engine.comes(.handleFailure, count)
        }
        return engine.requests(.handleFailure).map(\.body)
    }

    @Test func `is reported with the nearest numbers that can be sent`() async throws {
        let past = try await reports { _, _ in throw TaskFailure("late", retries: -4, retryAfter: .seconds(-5)) }
        #expect(past.first?["retries"] == 0)
        #expect(past.first?["retryTimeout"] == 0)
        let far = try await reports { _, _ in throw TaskFailure("far", retries: .max, retryAfter: .seconds(Int64.max)) }
        #expect(far.first?["retries"] == .integer(Int64(Int32.max)))
        #expect(far.first?["retryTimeout"] == 3_153_600_000_000)
    }

    @Test func `is reported without its variables when one of them cannot be sent`() async throws {
        let file = Variable.file(FileDescription(name: "a.txt"), content: [1])
        let engine = FakeEngine()
        let bodies = try await reports(engine) { _, _ in
            // A file as a fetch brings it, without its content.
            let unsendable = try JSONParser.parse(#"{"type":"File","value":null,"valueInfo":{"filename":"a.txt"}}"#)
            throw TaskFailure(
                "broken",
                details: "all",
                retries: 9,
                variables: ["a": file, "b": Variable(json: unsendable)]
            )
        }
        #expect(bodies.count == 1)
        #expect(bodies.first?["variables"] == nil)
        #expect(bodies.first?["retries"] == 2)
        #expect(bodies.first?["retryTimeout"] == 7000)
        #expect(bodies.first?["errorDetails"] == "all")
        let message = try #require(bodies.first?["errorMessage"]?.stringValue)
        #expect(message.hasPrefix("broken (reported without its variables, which could not be set: variable b: "))
    }

    @Test func `is reported without its variables when the engine refuses them`() async throws {
        let engine = FakeEngine { request in
            guard request.operation == .handleFailure, request.body["variables"] != nil else { return nil }
            return .problem(500, "value too long", type: "ProcessEngineException")
        }
        let bodies = try await reports(engine, count: 2) { _, _ in
            throw TaskFailure("broken", variables: ["a": "long"])
        }
        #expect(bodies.map { $0["variables"] == nil } == [false, true])
        #expect(bodies.last?["errorMessage"]?.stringValue?.contains("value too long") == true)
    }

    @Test func `tells the engine nothing of an error but what it says itself`() async throws {
        func told(_ error: any Error) async throws -> JSONValue {
            let body = try await reports { _, _ in throw error }.first
            #expect(body?["errorDetails"] == nil)
            return body?["errorMessage"] ?? .null
        }
        #expect(try await told(Secretive()) == "Secretive")
        #expect(try await told(Telling()) == "The bank is closed")
        #expect(try await told(Described()) == "No such account")
    }

    /// The operations that end a task whose handler turns its cancellation into an error, when the worker ends.
    private func ends(throwing failure: any Error) async throws -> [EngineOperation] {
        let (engine, clock, began) = (FakeEngine(), ManualClock(), Signal())
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock) {
            Subscription("work", lockDuration: .seconds(600)) { _, _ in
                began.send()
                do { try await Signal().wait() } catch { throw failure }
                return .completed
            }
        } body: { trigger in
            try await began.wait()
            trigger.triggerGracefulShutdown()
            await clock.sleeps(for: .seconds(20))
            clock.advance(by: .seconds(20))
        }
        return engine.requests.map(\.operation).filter { $0 != .fetchAndLock }
    }

    @Test func `costs no attempt when it wraps that the worker ends`() async throws {
        #expect(try await ends(throwing: TaskFailure("CancellationError()")) == [.unlock])
        #expect(try await ends(throwing: TaskFailure("counted", retries: 1)) == [.handleFailure])
    }
}
