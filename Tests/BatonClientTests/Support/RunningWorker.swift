import Foundation
import Logging
import ServiceLifecycleTestKit

@testable import BatonClient

/// Runs a worker while `body` goes on, then shuts it down gracefully and waits for its end.
func withWorker(
    _ engine: FakeEngine,
    clock: ManualClock = ManualClock(),
    date: Date? = nil,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    client: (inout EngineClient.Configuration) -> Void = { _ in },
    _ configuration: Worker.Configuration = Worker.Configuration(id: "w"),
    @SubscriptionBuilder subscriptions: () -> [Subscription],
    body: (GracefulShutdownTestTrigger) async throws -> Void
) async throws {
    var wallClock: (@Sendable () -> Date)?
    if let date { wallClock = { date } }
    let worker = try Worker(
        client: EngineClient(engine, clock: clock, client),
        configuration: configuration,
        clock: clock,
        wallClock: wallClock,
        logger: logger,
        subscriptions: subscriptions()
    )
    try await testGracefulShutdown { trigger in
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body(trigger)
            trigger.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }
}

/// A one-time signal.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send() { continuation.finish() }

    /// Waits for the signal, or for cancellation.
    func wait() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}
