import BatonClient
import Synchronization

/// A clock that stands still until a test moves it on.
///
/// Give it to a `Worker` and its `EngineClient`, or let ``TestEngine`` do so, and a lock of an hour is over in
/// microseconds:
///
/// ```swift
/// await engine.clock.advance(by: .seconds(3600))
/// ```
///
/// ``advance(by:)`` stops at every moment at which somebody wakes up, and lets it work until it has come to rest,
/// before it goes on to the next one. It knows this of whatever runs inside ``run(_:)``; ``TestEngine/run(_:while:)``
/// runs workers there.
public final class TestClock: Clock, Sendable {
    /// A moment of the clock.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made, at least zero.
        public let offset: Duration

        /// The moment so long after the clock was made.
        public init(offset: Duration) {
            self.offset = offset
        }

        /// The moment `duration` later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// The time from this moment to another one; negative when that is earlier.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether a moment is before another one.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex(Sleepers())
    private let executor = RestingExecutor()

    /// A clock that shows zero.
    public init() {}

    /// The moment that the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    /// The clock distinguishes nanoseconds.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Sleeps until the clock was moved on to `deadline`; not at all when it is past.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await sleep(until: deadline, counts: true)
    }

    /// Sleeps; whether it counts as a sleeper of the program under test is up to the caller.
    func sleep(until deadline: Instant, counts: Bool) async throws {
        try Task.checkCancellation()
        let id = state.withLock { $0.nextID() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                resume(state.withLock { $0.add(Sleeper(id, deadline, counts, continuation)) })
            }
        } onCancel: {
            resume(state.withLock { $0.cancel(id) })
        }
    }
}

// MARK: Moving

extension TestClock {
    /// Moves the clock on, stopping at every moment at which somebody wakes up.
    ///
    /// Returns when all that runs inside ``run(_:)`` has come to rest. Others are woken as well, but not waited for.
    /// - Parameter duration: At least zero; zero only waits for rest.
    public func advance(by duration: Duration) async {
        await advance(to: now.advanced(by: duration))
    }

    /// Moves the clock on to a moment, as ``advance(by:)``; not at all when it is past.
    public func advance(to moment: Instant) async {
        await executor.rest()
        while let sleepers = state.withLock({ $0.wakeNext(upTo: moment) }) {
            for sleeper in sleepers { sleeper.resume() }
            await executor.rest()
        }
        state.withLock { $0.pass(to: moment) }
        await executor.rest()
    }

    /// Moves the clock on to when the next sleeper wakes up.
    ///
    /// - Returns: By how much; nil when nobody sleeps, and the clock stays.
    @discardableResult
    public func advanceToNextSleeper() async -> Duration? {
        await executor.rest()
        guard let next = state.withLock({ $0.next }) else { return nil }
        let step = now.duration(to: next)
        await advance(to: next)
        return step
    }

    /// Waits until all that runs inside ``run(_:)`` has come to rest, and leaves the time as it is.
    public func settle() async {
        await executor.rest()
    }

    /// Runs `operation`, with all its child tasks, so that ``advance(by:)`` and ``settle()`` wait for it.
    ///
    /// Unstructured tasks of your own (`Task { … }`), and what is done outside Swift's tasks, are not waited for.
    /// - Throws: What `operation` throws.
    public func run<Result: Sendable>(
        _ operation: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        try await Placement.$executor.withValue(executor) {
            try await withTaskExecutorPreference(executor, operation: operation)
        }
    }
}

// MARK: Sleepers

extension TestClock {
    /// How many tasks sleep on this clock: pauses, time-outs and lock extensions of the program under test.
    public var sleeperCount: Int { state.withLock { $0.count } }

    /// Waits until at least `count` tasks sleep on this clock.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    public func waitForSleepers(_ count: Int = 1) async throws {
        try Task.checkCancellation()
        let id = state.withLock { $0.nextID() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                resume(state.withLock { $0.watch(Watcher(id, count, continuation)) })
            }
        } onCancel: {
            resume(state.withLock { $0.cancel(id) })
        }
    }

    private func resume(_ resumptions: [Resumption]) {
        for resumption in resumptions { resumption.resume() }
    }
}
