public import BatonClient
import Logging
import ServiceLifecycle
import Synchronization

/// A worker that runs while a test looks on.
public struct RunningWorker: Sendable {
    fileprivate let group: ServiceGroup
    fileprivate let ending: Ending
    fileprivate let clock: TestClock

    /// Begins the graceful shutdown: the worker fetches no more, and handlers may end in time.
    ///
    /// Move the clock on by the worker's drain time-out to have the rest cancelled.
    public func shutDown() async {
        await group.triggerGracefulShutdown()
        await clock.settle()
    }

    /// Waits until the worker has ended, after ``shutDown()``.
    ///
    /// - Throws: What the worker's `run()` threw; `CancellationError` when the task that waits is cancelled.
    public func ended() async throws {
        try await ending.wait()
    }

    /// Whether the worker has ended.
    public var hasEnded: Bool { ending.hasEnded }

    /// Waits until the worker, its handlers and its reports have come to rest.
    public func settle() async {
        await clock.settle()
    }
}

extension TestEngine {
    /// Runs a worker while `body` tests it; cancels it at the end.
    ///
    /// The worker has sent its first fetch when `body` begins.
    ///
    /// The worker runs so that `clock.advance(by:)` waits for it. Cancelled workers give back what they hold; when
    /// `body` wants to see a worker end in an orderly way, it calls ``RunningWorker/shutDown()``.
    /// - Parameters:
    ///   - worker: A worker whose client is of this engine, as ``worker(configuration:client:logger:subscriptions:)``
    ///     makes.
    ///   - body: The test.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func run<Result: Sendable>(
        _ worker: Worker,
        while body: @Sendable (RunningWorker) async throws -> Result
    ) async throws -> Result {
        let ending = Ending()
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: worker, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: Logger(label: "baton.testing") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        let (started, start) = AsyncStream<Void>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [clock] in
                await clock.run {
                    start.finish()
                    do {
                        try await group.run()
                        ending.end(.success(()))
                    } catch {
                        ending.end(.failure(error))
                    }
                }
            }
            defer { tasks.cancelAll() }
            for await _ in started {}
            await clock.settle()
            return try await body(RunningWorker(group: group, ending: ending, clock: clock))
        }
    }
}

/// How a worker ended, and who waits for that.
private final class Ending: Sendable {
    private struct State {
        var result: Result<Void, any Error>?
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    var hasEnded: Bool { state.withLock { $0.result != nil } }

    func end(_ result: Result<Void, any Error>) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    func wait() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    // Whoever is cancelled before it waits sees that itself.
                    let result = state.result ?? (Task.isCancelled ? .failure(CancellationError()) : nil)
                    if result == nil { state.waiting[id] = continuation }
                    return result
                }
                if let result { continuation.resume(with: result) }
            }
            try Task.checkCancellation()
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}
