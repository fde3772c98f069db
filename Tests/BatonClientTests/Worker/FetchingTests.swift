import HTTPTypes
import JSON
import Logging
import Testing

@testable import BatonClient

@Suite(.timeLimit(.minutes(1))) struct `Fetching` {
    @Test func `asks for as many tasks as there are free slots`() async throws {
        let (engine, end) = (FakeEngine(), Signal())
        let began = Shared(0)
        engine.add(task("1"), task("2"), task("3"))
        try await withWorker(engine, .init(id: "w", maximumTasks: 4)) {
            Subscription("work") { _, _ in
                began.change { $0 += 1 }
                try await end.wait()
                return .completed
            }
        } body: { _ in
            await engine.comes(.fetchAndLock, 2)
            engine.add(task("4"), task("5"))
            // With all slots taken nothing is asked.
            end.send()
            await engine.comes(.complete, 5)
        }
        let asked = engine.requests(.fetchAndLock).compactMap { $0.body["maxTasks"]?.int64Value }
        #expect(asked.prefix(2) == [4, 1])
        #expect(asked.allSatisfy { (1...4).contains($0) })
        #expect(began.value == 5)
    }

    @Test func `names every topic with its filters in one poll`() async throws {
        let engine = FakeEngine()
        var settings = Worker.Configuration(id: "w")
        settings.creationOrder = .oldestFirst
        try await withWorker(engine, settings) {
            Subscription(
                "a",
                lockDuration: .milliseconds(1500),
                options: .with {
                    $0.variables = ["x"]
                    $0.bringsLocalVariablesOnly = true
                    $0.includesExtensionProperties = true
                    $0.businessKey = "k"
                    $0.processDefinitionID = "d"
                    $0.processDefinitionIDs = ["d1"]
                    $0.processDefinitionKey = "p"
                    $0.processDefinitionKeys = ["p1", "p2"]
                    $0.processDefinitionVersionTag = "v%"
                    $0.tenantIDs = ["t"]
                    $0.processVariables = ["n": 1]
                }
            ) { _, _ in }
            Subscription("b", options: .with { $0.withoutTenant = true }) { _, _ in }
        } body: { _ in
            await engine.comes(.fetchAndLock)
        }
        let body = try #require(engine.requests.first?.body)
        #expect(body["workerId"] == "w")
        #expect(body["usePriority"] == true)
        #expect(body["asyncResponseTimeout"] == 20_000)
        #expect(body["sorting"] == [["sortBy": "createTime", "sortOrder": "asc"]])
        let topics = body["topics"]?.arrayValue ?? []
        let a: JSONValue = [
            "topicName": "a", "lockDuration": 1500, "variables": ["x"], "localVariables": true,
            "includeExtensionProperties": true, "businessKey": "k", "processDefinitionId": "d",
            "processDefinitionKey": "p", "processDefinitionVersionTag": "v%", "processDefinitionIdIn": ["d1"],
            "processDefinitionKeyIn": ["p1", "p2"], "tenantIdIn": ["t"], "processVariables": ["n": 1],
        ]
        #expect(topics.contains(a))
        #expect(topics.contains(["topicName": "b", "lockDuration": 30_000, "withoutTenantId": true]))
    }

    @Test func `waits as long as an overloaded server asks for, and resumes at once`() async throws {
        let answers = Shared([EngineResponse.json(503, [:], [.retryAfter: "60"])])
        let engine = FakeEngine { request in
            guard request.operation == .fetchAndLock else { return nil }
            return answers.change { $0.isEmpty ? nil : $0.removeFirst() }
        }
        let clock = ManualClock()
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock) {
            Subscription("work") { _, _ in }
        } body: { _ in
            await clock.sleepers { $0.contains { $0 >= .seconds(60) && $0 <= .seconds(90) } }
            #expect(engine.requests.count == 1)
            clock.advance(by: .seconds(90))
            await engine.comes(.complete)
            await engine.comes(.fetchAndLock, 3)
        }
    }

    @Test func `goes on at once when a report tells that the server is back`() async throws {
        let (isDown, fetches) = (Shared(true), Shared(0))
        let engine = FakeEngine { request in
            guard request.operation == .fetchAndLock else { return nil }
            if fetches.change({
                $0 += 1; return $0
            }) > 1, isDown.value {
                throw BatonError(.unreachable)
            }
            return nil
        }
        struct Long: PollBackoff {
            func pause(after poll: PollReport) -> Duration { poll.outcome == .down ? .seconds(1000) : .zero }
        }
        var settings = Worker.Configuration(id: "w", maximumTasks: 2)
        settings.backoff = Long()
        let (clock, end) = (ManualClock(), Signal())
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, settings) {
            Subscription("work", lockDuration: .seconds(6000)) { _, _ in
                try await end.wait()
            }
        } body: { _ in
            await clock.sleeps(for: .seconds(1000))
            isDown.change { $0 = false }
            engine.add(task("t-2"))
            end.send()
            await engine.comes(.complete, 2)
        }
        #expect(clock.now.offset == .zero)
    }

    @Test(arguments: [
        (BatonError(.unreachable), PollReport.Outcome.down), (BatonError(.timedOut), .down),
        (BatonError(.noEngine, status: 404), .down), (BatonError(.overloaded), .overloaded),
        (BatonError(.unauthenticated), .refused), (BatonError(.engineFailed, status: 500), .refused),
        (BatonError(.engineFailed, status: 502, isOutcomeUnknown: true), .down),
    ])
    func `tells down from overloaded from refused`(error: BatonError, outcome: PollReport.Outcome) {
        var streak = PollStreak()
        for count in 1...3 {
            let report = streak.report(.failure(error), took: .zero, pollTimeout: .seconds(20))
            #expect(report.outcome == outcome)
            #expect(report.consecutive == count)
        }
        #expect(streak.report(.success([]), took: .zero, pollTimeout: .zero).isRecovery)
    }

    @Test func `pauses with full jitter`() {
        let backoff = FullJitterBackoff(longestPause: .seconds(30))
        func longest(_ outcome: PollReport.Outcome, _ count: Int, took: Duration = .zero) -> Duration {
            let report = PollReport(outcome, consecutive: count, duration: took, pollTimeout: .seconds(20))
            return backoff.pause(after: report, Randomness { 1 })
        }
        #expect(longest(.tasks, 5) == .zero)
        #expect(longest(.empty, 5, took: .seconds(20)) == .zero)
        #expect(longest(.empty, 1) == .milliseconds(100))
        #expect(longest(.empty, 50) == .seconds(2))
        #expect(longest(.down, 1) == .milliseconds(100))
        #expect(longest(.down, 50) == .seconds(30))
        #expect(longest(.overloaded, 1) == .seconds(1))
        #expect(longest(.refused, 1) == .seconds(2))
        let asked = PollReport(.overloaded, retryAfter: .seconds(10))
        #expect(backoff.pause(after: asked, Randomness { 0 }) == .seconds(10))
        #expect(backoff.pause(after: asked, Randomness { 1 }) == .seconds(15))
        #expect(backoff.pause(after: PollReport(.down), Randomness { 0 }) == .zero)
    }

    @Test func `is refused settings that make no sense`() {
        func worker(
            _ change: (inout Worker.Configuration) -> Void = { _ in },
            topics: [String] = ["a"],
            subscription: (inout Subscription) -> Void = { _ in }
        ) throws {
            var settings = Worker.Configuration()
            change(&settings)
            _ = try Worker(
                client: EngineClient(FakeEngine()),
                configuration: settings,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) {
                for topic in topics {
                    changed(Subscription(topic) { _, _ in }, subscription)
                }
            }
        }
        func changed(_ given: Subscription, _ change: (inout Subscription) -> Void) -> Subscription {
            var given = given
            change(&given)
            return given
        }
        let eternity = Duration.seconds(Int64.max)
        let wrong: [(inout Subscription) -> Void] = [
            { $0.lockExtension = .automatic(at: 5) }, { $0.lockExtension = .automatic(at: .nan) },
            { $0.retryPolicy = .exponential(attempts: -3) }, { $0.retryPolicy = .constant(attempts: 0, delay: .zero) },
            { $0.retryPolicy = .constant(delay: .seconds(-1)) },
            { $0.retryPolicy = .exponential(longestDelay: eternity) },
            { $0.lockDuration = eternity }, { $0.lockDuration = .zero }, { $0.timeout = eternity },
            { $0.timeout = .zero },
        ]
        for change in wrong {
            let error = #expect(throws: BatonError.self) { try worker(subscription: change) }
            #expect(error?.code == .invalidConfiguration)
        }
        #expect(throws: BatonError.self) { try worker { $0.drainTimeout = eternity } }
        #expect(throws: BatonError.self) { try worker { $0.giveBackTimeout = eternity } }
        #expect(throws: BatonError.self) { try worker { $0.reportPatience = eternity } }
        #expect(throws: BatonError.self) { try worker { $0.maximumTasks = 0 } }
        #expect(throws: BatonError.self) { try worker { $0.pollTimeout = .seconds(1801) } }
        #expect(throws: BatonError.self) { try worker { $0.id = "" } }
        #expect(throws: BatonError.self) { try worker({ _ in }, topics: []) }
        #expect(throws: BatonError.self) { try worker({ _ in }, topics: ["a", "a"]) }
        #expect(throws: Never.self) { try worker { _ in } }
    }

    @Test(arguments: [
        "ftp://a/b", "http://", "engine-rest", "http://u:p@a/b", "http://a/b?c", "",
    ])
    func `is refused addresses that cannot be`(url: String) {
        let error = #expect(throws: BatonError.self) { try EngineClient(url: url) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `is refused settings of a client that make no sense, with any transport`() throws {
        let wrong: [(inout EngineClient.Configuration) -> Void] = [
            { $0.url = "engine-rest" }, { $0.requestTimeout = .zero }, { $0.requestTimeout = .seconds(Int64.max) },
            { $0.connectTimeout = .seconds(Int64.max) }, { $0.downloadIdleTimeout = .zero },
            { $0.maximumAnswerBytes = 0 },
            { $0.repetition.patience = .seconds(-1) }, { $0.repetition.longestPause = .seconds(Int64.max) },
        ]
        for change in wrong {
            var configuration = EngineClient.Configuration(url: "http://engine/rest")
            change(&configuration)
            let error = #expect(throws: BatonError.self) {
                try EngineClient(configuration, transport: FakeEngine())
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test func `sleeps for as long as clocks can`() async {
        let sleeping = Task { try await Timeline(ContinuousClock()).sleep(for: .seconds(Int64.max)) }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
    }
}
