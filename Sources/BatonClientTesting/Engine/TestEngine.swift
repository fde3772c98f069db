public import BatonClient
public import Logging
import Synchronization

/// An engine in memory: hands out tasks, takes reports, and lets tests break things.
///
/// ```swift
/// let engine = TestEngine()
/// let worker = try engine.worker { chargeCard }
/// try await engine.run(worker) { _ in
///     let id = try engine.addTask("charge-card", variables: ["amount": 42])
///     let task = try await engine.task(id) { $0.isCompleted }
///     #expect(task.variables["receipt"] == "R-77")
/// }
/// ```
///
/// It answers as a server of the contract does, with the same statuses, messages and rules of locks, as far as external
/// tasks, variables, starts and messages are concerned. There are no models: tasks are added one by one, or come one
/// after the other in a process of ``addProcess(_:topics:versionTag:tenantID:)``. A BPMN error ends such a process.
///
/// Time is that of ``clock``. Nothing sleeps, and what happens is told at once.
public final class TestEngine: Transport {
    /// The address of the API.
    public static let url = "http://test.invalid/engine-rest"
    static let version = "7.24.0"

    /// The engine's clock, which stands still until the test moves it on.
    public let clock: TestClock
    let state = Mutex(EngineState())
    private let waiterIDs = Atomic<Int>(0)

    /// An engine without tasks.
    public init(clock: TestClock = TestClock()) {
        self.clock = clock
    }

    /// A client of this engine, with its clock.
    ///
    /// - Parameters:
    ///   - interceptors: What sees every request.
    ///   - logger: For what happens; nothing is logged without one.
    /// - Returns: The client.
    public func client(interceptors: [any Interceptor] = [], logger: Logger? = nil) -> EngineClient {
        EngineClient(
            valid: EngineClient.Configuration(url: Self.url, interceptors: interceptors),
            transport: self,
            clock: clock,
            logger: logger
        )
    }

    /// A worker for this engine, with its clock.
    ///
    /// - Parameters:
    ///   - configuration: How the worker works.
    ///   - client: Whom to call; nil for a client with the usual settings.
    ///   - logger: For what happens; nothing is logged without one.
    ///   - subscriptions: The topics and their handlers.
    /// - Returns: The worker, which does nothing before ``run(_:while:)``.
    /// - Throws: `BatonError` as `Worker` does.
    public func worker(
        configuration: Worker.Configuration = Worker.Configuration(),
        client: EngineClient? = nil,
        logger: Logger? = nil,
        @SubscriptionBuilder subscriptions: () -> [Subscription]
    ) throws -> Worker {
        let silent = Logger(label: "baton.testing") { _ in SwiftLogNoOpLogHandler() }
        return try Worker(
            client: client ?? self.client(logger: logger),
            configuration: configuration,
            clock: clock,
            logger: logger ?? silent,
            subscriptions: subscriptions
        )
    }
}

// MARK: Changing

extension TestEngine {
    /// Changes the state, and tells everybody who waits for a change.
    func change<Result, Failure: Error>(
        _ body: (inout sending EngineState, Duration) throws(Failure) -> sending Result
    ) throws(Failure) -> Result {
        let now = clock.now.offset
        let (result, waiting) = try state.withLock { (state) throws(Failure) in
            let result = try body(&state, now)
            return (result, state.changed())
        }
        for continuation in waiting { continuation.resume() }
        return result
    }

    /// Waits for a change after `version`.
    ///
    /// - Throws: `CancellationError`.
    func waitForChange(after version: Int) async throws {
        let id = waiterIDs.add(1, ordering: .relaxed).newValue
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    // Whoever is cancelled before it waits sees that itself.
                    if state.version != version || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
            try Task.checkCancellation()
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}
