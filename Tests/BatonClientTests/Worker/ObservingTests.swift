import BatonClient
import HTTPTypes
import InMemoryTracing
import JSON
import Logging
import Metrics
import MetricsTestKit
import ServiceLifecycleTestKit
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct `A worker's life` {
    /// The tracer of this process; it can be set once.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    private struct Recorder: LogHandler {
        let lines: Shared<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            let line = "\(event.level) \(event.message) \(all.sorted { $0.key < $1.key }.map { "\($0)=\($1)" })"
            lines.change { $0.append(line) }
        }
    }

    private struct Broken: Error {
        let secret = "hidden"
    }

    @Test func `shows how many slots are taken, by topic`() async throws {
        let (metrics, engine, end) = (TestMetrics(), FakeEngine(), Signal())
        engine.add(task("t-1", topic: "counted"), task("t-2", topic: "counted"))
        try await withMetricsFactory(metrics) {
            try await withWorker(engine) {
                Subscription("counted") { _, _ in try await end.wait() }
            } body: { _ in
                await engine.comes(.fetchAndLock, 2)
                let gauge = try metrics.expectRecorder("baton_worker_busy_slots", [("topic", "counted")])
                #expect(gauge.lastValue == 2)
                end.send()
                await engine.comes(.complete, 2)
            }
            let gauge = try metrics.expectRecorder("baton_worker_busy_slots", [("topic", "counted")])
            #expect(gauge.lastValue == 0)
        }
    }

    @Test func `has a span for each request, with its context in the header fields`() async throws {
        let tracer = Self.tracer
        let answers = Shared([EngineResponse(status: 503), EngineResponse(status: 204)])
        let engine = FakeEngine { _ in answers.change { $0.removeFirst() } }
        let clock = ManualClock()
        let handle = TaskHandle(id: "traced", workerID: "w")
        async let done = EngineClient(engine, clock: clock).complete(handle)
        await clock.sleepers { $0.contains { $0 <= .milliseconds(100) } }
        clock.advance(by: .milliseconds(100))
        #expect(try await done == .confirmed)
        let spans = tracer.finishedSpans.filter {
            $0.attributes.get("url.full") == .string("http://engine/rest/external-task/traced/complete")
        }
        #expect(spans.map(\.operationName) == ["POST complete", "POST complete"])
        #expect(spans.allSatisfy { $0.kind == .client && $0.attributes.get("server.address") == .string("engine") })
        #expect(spans.map { $0.attributes.get("http.response.status_code") } == [.int64(503), .int64(204)])
        #expect(spans.map { $0.attributes.get("http.request.resend_count") } == [nil, .int64(1)])
        #expect(spans.map { $0.status?.code } == [.error, nil])
        let name = try #require(HTTPField.Name(InMemoryTracer.spanIDKey))
        #expect(engine.requests.map { $0.headerFields[name] } == spans.map(\.spanID))
    }

    @Test func `has the error of a request that did not get through in its span`() async throws {
        let tracer = Self.tracer
        let engine = FakeEngine { _ in throw BatonError(.unreachable) }
        let client = EngineClient(engine) { $0.repetition = .never }
        await #expect(throws: BatonError.self) { try await client.unlock(TaskHandle(id: "lonely", workerID: "w")) }
        let span = try #require(
            tracer.finishedSpans.first {
                $0.attributes.get("url.full") == .string("http://engine/rest/external-task/lonely/unlock")
            }
        )
        #expect(span.attributes.get("error.type") == .string("unreachable"))
        #expect(span.errors.count == 1)
        #expect(span.status?.code == .error)
    }

    @Test func `can be followed in logs, metrics and traces`() async throws {
        let tracer = Self.tracer
        let lines = Shared([String]())
        let metrics = TestMetrics()
        let engine = FakeEngine()
        engine.add(task("t-1", variables: ["pin": ["type": "String", "value": "hidden"]]), task("t-2"))
        let worker = try Worker(
            client: EngineClient(engine),
            configuration: .init(id: "w", maximumTasks: 2),
            logger: Logger(label: "test") { _ in Recorder(lines: lines) }
        ) {
            Subscription("work", retryPolicy: .never) { task, context in
                context.logger.info("Working")
                if task.id == "t-2" { throw Broken() }
                return .completed
            }
        }
        try await withMetricsFactory(metrics) {
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await worker.run() }
                    await engine.comes(.complete)
                    await engine.comes(.handleFailure)
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
        }

        let log = lines.value.joined(separator: "\n")
        #expect(log.contains("info Worker started"))
        #expect(log.contains(#"info Working ["process-instance=instance", "task=t-1", "topic=work", "worker=w"]"#))
        #expect(log.contains("warning Handler threw an error"))
        #expect(log.contains("info Worker stopped"))
        #expect(!log.contains("hidden"))

        func count(_ outcome: String) throws -> Int64 {
            try metrics.expectCounter("baton_worker_tasks", [("topic", "work"), ("outcome", outcome)]).totalValue
        }
        #expect(try count("completed") == 1)
        #expect(try count("failed") == 1)
        #expect(try metrics.expectCounter("baton_worker_fetched_tasks", [("topic", "work")]).totalValue == 2)

        let spans = tracer.finishedSpans.filter { $0.operationName == "process work" }
        #expect(spans.contains { $0.attributes.get("baton.outcome") == .string("completed") && $0.kind == .consumer })
        #expect(spans.contains { !$0.errors.isEmpty })
        let name = try #require(HTTPField.Name(InMemoryTracer.traceIDKey))
        #expect(engine.requests(.complete).first?.headerFields[name] != nil)
    }

    /// A logger that remembers its lines.
    private func recorder(_ lines: Shared<[String]>) -> Logger { Logger(label: "test") { _ in Recorder(lines: lines) } }

    @Test func `warns once while the server is away, and says when it is back`() async throws {
        let (lines, polls, clock) = (Shared([String]()), Shared(0), ManualClock())
        let engine = FakeEngine { request in
            guard request.operation == .fetchAndLock else { return nil }
            let poll = polls.change { polls in
                polls += 1
                return polls
            }
            guard poll > 5 else { throw BatonError(.unreachable, message: "Nobody is there") }
            return poll == 6 ? .json(200, []) : nil
        }
        struct Steady: PollBackoff {
            func pause(after poll: PollReport) -> Duration { poll.outcome == .down ? .seconds(1) : .zero }
        }
        var settings = Worker.Configuration(id: "w")
        settings.backoff = Steady()
        try await withWorker(engine, clock: clock, logger: recorder(lines), settings) {
            Subscription("work") { _, _ in }
        } body: { _ in
            for _ in 1...5 {
                await clock.sleeps(for: .seconds(1))
                clock.advance(by: .seconds(1))
            }
            await engine.comes(.fetchAndLock, 7)
        }
        let failures = lines.value.filter { $0.contains("Fetch failed") }
        #expect(failures.map { $0.prefix(7) } == ["warning", "debug F", "debug F", "debug F", "debug F"])
        #expect(lines.value.count { $0.contains("info Fetching works again") } == 1)
    }

    @Test func `warns once of a report that is repeated, with its task`() async throws {
        let (lines, clock) = (Shared([String]()), ManualClock())
        let answers = Shared([EngineResponse(status: 503), EngineResponse(status: 503), EngineResponse(status: 204)])
        let engine = FakeEngine { request in
            request.operation == .complete ? answers.change { $0.removeFirst() } : nil
        }
        engine.add(task("t-1"))
        try await withWorker(engine, clock: clock, logger: recorder(lines)) {
            Subscription("work", lockDuration: .seconds(6000)) { _, _ in }
        } body: { _ in
            for count in 2...3 {
                await clock.sleepers { $0.contains { $0 <= .milliseconds(200) } }
                clock.advance(by: .milliseconds(200))
                await engine.comes(.complete, count)
            }
        }
        let told = lines.value.filter { $0.contains("Call ") }
        #expect(
            told.map { $0.split(separator: " [").first } == [
                "warning Call did not get through and is repeated", "debug Call did not get through and is repeated",
                "info Call got through after it was repeated",
            ]
        )
        for line in told {
            #expect(line.contains("task=t-1") && line.contains("topic=work") && line.contains("worker=w"))
        }
    }

    @Test func `tells a BPMN error that the engine refuses from an error that a handler threw`() async throws {
        let lines = Shared([String]())
        let engine = FakeEngine { request in
            request.operation == .handleBPMNError ? .problem(400, "Unsupported value type 'Foo'") : nil
        }
        engine.add(task("t-1"))
        try await withWorker(engine, logger: recorder(lines)) {
            Subscription("work") { _, _ in throw BPMNError("no-money") }
        } body: { _ in
            await engine.comes(.handleFailure)
        }
        #expect(lines.value.contains { $0.contains("warning BPMN error was refused; the attempt has failed") })
        #expect(!lines.value.contains { $0.contains("Handler threw") })
    }

    @Test func `has of an error what it says itself, and not its properties`() async throws {
        let lines = Shared([String]())
        let engine = FakeEngine()
        engine.add(task("secretive"))
        var settings = Worker.Configuration(id: "w")
        settings.describe = { _ in ErrorReport(message: "told", details: "everything") }
        try await withWorker(engine, logger: recorder(lines), settings) {
            Subscription("work") { _, _ in throw Broken() }
        } body: { _ in
            await engine.comes(.handleFailure)
        }
        #expect(lines.value.contains { $0.contains("debug What the error says") && $0.contains("error=told") })
        #expect(engine.requests(.handleFailure).first?.body["errorDetails"] == "everything")
        let span = Self.tracer.finishedSpans.first {
            $0.attributes.get("baton.task.id") == .string("secretive")
        }
        #expect(span?.errors.map { "\($0.error)" } == ["told"])
    }
}
