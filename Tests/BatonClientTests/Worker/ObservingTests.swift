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
        #expect(log.contains(#"info Working ["process-instance=instance", "task=t-1", "topic=work"]"#))
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
}
