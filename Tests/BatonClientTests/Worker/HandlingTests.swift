import BatonClient
import JSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct `What a handler does` {
    struct Broken: Error {}
    struct Hopeless: NonRetryableError {}

    /// The body of the only report of an operation, after a handler had a task.
    private func report(
        _ operation: EngineOperation,
        of given: JSONValue = task("t-1"),
        policy: RetryPolicy = .constant(attempts: 3, delay: .seconds(7)),
        handler: @escaping Subscription.Handler
    ) async throws -> JSONValue {
        let engine = FakeEngine()
        engine.add(given)
        try await withWorker(engine) {
            Subscription("work", retryPolicy: policy, handler: handler)
        } body: { _ in
            await engine.comes(operation)
        }
        let reports = engine.requests.filter { $0.operation != .fetchAndLock }
        #expect(reports.map(\.operation) == [operation])
        #expect(reports.first?.path.hasPrefix("/external-task/t-1/") == true)
        return reports.first?.body ?? .null
    }

    @Test func `completes its task with the variables that it returns`() async throws {
        let body = try await report(.complete) { task, _ in
            .completed(["who": .string(task.id)], local: ["n": 1])
        }
        #expect(body["workerId"] == "w")
        #expect(body["variables"]?["who"] == ["type": "String", "value": "t-1"])
        #expect(body["localVariables"]?["n"] == ["type": "Integer", "value": 1])
    }

    @Test func `reports a BPMN error that it throws`() async throws {
        let body = try await report(.handleBPMNError) { _, _ in
            throw BPMNError("no-money", message: "broke", variables: ["missing": 3])
        }
        #expect(body["errorCode"] == "no-money")
        #expect(body["errorMessage"] == "broke")
        #expect(body["variables"]?["missing"]?["value"] == 3)
    }

    @Test(arguments: [(JSONValue.null, Int64(2)), (5, 4), (1, 0), (0, 0)])
    func `fails with one attempt less when it throws`(retries: JSONValue, left: Int64) async throws {
        let body = try await report(.handleFailure, of: task("t-1", retries: retries)) { _, _ in throw Broken() }
        #expect(body["retries"]?.int64Value == left)
        #expect(body["retryTimeout"] == 7000)
        #expect(body["errorMessage"]?.stringValue?.contains("Broken") == true)
    }

    @Test func `makes an incident of an error that trying again does not help`() async throws {
        let body = try await report(.handleFailure) { _, _ in throw Hopeless() }
        #expect(body["retries"] == 0)
    }

    @Test func `makes an incident of a variable that cannot be read`() async throws {
        let given = task("t-1", variables: ["amount": ["type": "String", "value": "much", "valueInfo": [:]]])
        let body = try await report(.handleFailure, of: given) { task, _ in
            _ = try task.variables.require("amount", as: Int.self)
            return .completed
        }
        #expect(body["retries"] == 0)
        #expect(body["errorMessage"] == "The variable is String, not Int")
    }

    @Test func `decides of a failure what it says and leaves the rest to the policy`() async throws {
        let body = try await report(.handleFailure) { _, _ in
            throw TaskFailure("later", details: "all", retryAfter: .seconds(1), localVariables: ["page": 4])
        }
        #expect(body["errorMessage"] == "later")
        #expect(body["errorDetails"] == "all")
        #expect(body["retries"] == 2)
        #expect(body["retryTimeout"] == 1000)
        #expect(body["localVariables"]?["page"]?["value"] == 4)
    }

    @Test func `gives its task back when it says so`() async throws {
        _ = try await report(.unlock) { _, _ in .released }
    }

    @Test func `leaves the report to others when it says so`() async throws {
        let engine = FakeEngine()
        engine.add(task("t-1"))
        let handle = Shared<TaskHandle?>(nil)
        try await withWorker(engine) {
            Subscription("work") { _, context in
                handle.change { $0 = context.handle }
                return .deferred
            }
        } body: { _ in
            await engine.comes(.fetchAndLock, 2)
        }
        #expect(engine.requests.allSatisfy { $0.operation == .fetchAndLock })
        #expect(handle.value?.engineURL == "http://engine/rest")
    }

    @Test func `is told as a failure when the engine refuses its variables`() async throws {
        let engine = FakeEngine { request in
            request.operation == .complete ? .problem(400, "Unsupported value type 'Foo'") : nil
        }
        engine.add(task("t-1"))
        try await withWorker(engine) {
            Subscription("work", retryPolicy: .never) { _, _ in }
        } body: { _ in
            await engine.comes(.handleFailure)
        }
        let body = engine.requests(.handleFailure).first?.body
        #expect(body?["retries"] == 0)
        #expect(body?["errorMessage"]?.stringValue?.contains("Unsupported value type 'Foo'") == true)
    }

    @Test func `fails when it takes too long`() async throws {
        let engine = FakeEngine()
        let clock = ManualClock()
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock) {
            Subscription("work", lockDuration: .seconds(600), timeout: .seconds(5), retryPolicy: .never) { _, _ in
                try await Signal().wait()
            }
        } body: { _ in
            await clock.sleeps(for: .seconds(5))
            clock.advance(by: .seconds(5))
            await engine.comes(.handleFailure)
        }
        #expect(
            engine.requests(.handleFailure).first?.body["errorMessage"] == "The handler took longer than 5.0 seconds"
        )
    }
}
