package import Logging
package import Measures
import Synchronization

/// A bounded number of sessions that callers share.
///
/// A session is held for database work and nothing else. Whoever holds one must not wait for another one.
package final class Pool: StatementRunner {
    /// The bounds of a pool.
    package struct Limits: Sendable, Hashable {
        /// The sessions that stay open when nobody needs them.
        package var minimum = 0
        /// The most sessions at any time; at least 1.
        package var maximum = 10
        /// The most callers that may wait for a session at any time.
        package var maximumWaiters = 10_000
        /// How long a caller may wait for a session, connecting included.
        package var acquireTimeout = Duration.seconds(5)
        /// How long a session beyond the minimum may stay idle; looked at whenever a session comes back.
        package var idleTimeout = Duration.seconds(600)
        /// The age at which a session is replaced when it comes back, so that load finds its way to new hosts.
        package var maximumAge = Duration.seconds(3600)

        /// The usual bounds.
        package init(minimum: Int = 0, maximum: Int = 10, acquireTimeout: Duration = .seconds(5)) {
            self.minimum = minimum
            self.maximum = maximum
            self.acquireTimeout = acquireTimeout
        }
    }

    /// How many sessions there are, and what they do.
    package struct Statistics: Sendable, Hashable {
        /// Connecting or in a caller's hands.
        package var busy: Int
        /// Waiting for a caller.
        package var idle: Int
        /// Callers waiting for a session.
        package var waiting: Int

        /// Such numbers.
        package init(busy: Int, idle: Int, waiting: Int) {
            self.busy = busy
            self.idle = idle
            self.waiting = waiting
        }
    }

    package let settings: ConnectionSettings
    package let limits: Limits
    let logger: Logger
    let times: RoundTripTimes?
    /// How long callers waited who found all sessions at work.
    package let waits = Histogram(.seconds)
    /// Sessions that were handed out.
    package let uses = EventCounter()

    struct Member {
        var session: Session
        var openedAt = ContinuousClock.now
        var idleSince = ContinuousClock.now
    }

    struct Inside {
        var state: PoolState
        var members: [PoolState.SessionID: Member] = [:]
        var continuations: [PoolState.WaiterID: CheckedContinuation<PoolState.Offer?, Never>] = [:]
        /// Offers to waiters that are queued but do not listen yet.
        var early: [PoolState.WaiterID: PoolState.Offer] = [:]
        var lastWaiter = 0
        var backoff = Backoff(longest: Pool.longestPause)
        /// Before this moment nobody tries to open a session.
        var nextConnection = ContinuousClock.now
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    let inside: Mutex<Inside>

    /// The longest pause between two tries to open a session: much shorter than callers wait, so that a database that is
    /// back is found by those who wait for it.
    static let longestPause = Duration.seconds(1)

    /// A pool that opens sessions when they are needed.
    ///
    /// `times`: Where the round trips of its sessions are noted.
    package init(
        _ settings: ConnectionSettings,
        limits: Limits = Limits(),
        logger: Logger,
        times: RoundTripTimes? = nil
    ) {
        self.times = times
        self.settings = settings
        self.limits = limits
        self.logger = logger
        inside = Mutex(Inside(state: PoolState(maximum: limits.maximum, maximumWaiters: limits.maximumWaiters)))
    }

    /// How many sessions there are now, and what they do.
    package var statistics: Statistics {
        inside.withLock {
            Statistics(busy: $0.state.busy.count, idle: $0.state.idle.count, waiting: $0.state.waiters.count)
        }
    }

    /// Calls `body` with a session that is its own until it returns; what it leaves open is rolled back.
    ///
    /// - Throws: What `body` throws; `PostgresError` when there is no session in time.
    @discardableResult
    nonisolated(nonsending) package func withSession<Value>(
        _ body: nonisolated(nonsending) (Session) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire()
        do {
            let value = try await body(lease.session)
            await giveBack(lease)
            return value
        } catch {
            await giveBack(lease)
            throw error
        }
    }

    /// Sends all statements of a pipeline on some session; one round trip.
    ///
    /// Done again on another session when the first one turns out to be dead and nothing can have been done. A session
    /// that cannot be had is waited for once.
    @discardableResult
    package func execute(_ pipeline: Pipeline, timeout: Duration?) async throws(PostgresError) -> PipelineResults {
        let first = try await acquire()
        do throws(PostgresError) {
            return try await execute(pipeline, on: first, timeout: timeout)
        } catch {
            let isWorthAnother = error.isConnectionLoss || error.isStalePlan
            guard error.isDefinitelyUndone, isWorthAnother, !Task.isCancelled else { throw error }
        }
        return try await execute(pipeline, on: try await acquire(), timeout: timeout)
    }

    private func execute(
        _ pipeline: Pipeline,
        on lease: Lease,
        timeout: Duration?
    ) async throws(PostgresError) -> PipelineResults {
        do throws(PostgresError) {
            let results = try await lease.session.execute(pipeline, timeout: timeout)
            await giveBack(lease)
            return results
        } catch {
            await giveBack(lease)
            throw error
        }
    }

    /// Opens as many sessions as are to stay open.
    package func warmUp() async throws(PostgresError) {
        var leases: [Lease] = []
        var failure: PostgresError?
        for _ in 0..<min(limits.minimum, limits.maximum) {
            do throws(PostgresError) { leases.append(try await acquire()) } catch { failure = error }
        }
        for lease in leases { await giveBack(lease) }
        if let failure { throw failure }
    }

    /// Refuses new callers, closes the idle sessions, and returns when the others have come back and are closed.
    package func shutdown() async {
        let (refused, idle) = inside.withLock { inside in
            let closing = inside.state.close()
            let refused = closing.waiters.compactMap { inside.continuations.removeValue(forKey: $0) }
            return (refused, closing.idle.compactMap { inside.members.removeValue(forKey: $0)?.session })
        }
        for waiter in refused { waiter.resume(returning: nil) }
        for session in idle { await session.close() }
        await withCheckedContinuation { continuation in
            let isDrained = inside.withLock { inside in
                guard !inside.state.busy.isEmpty else { return true }
                inside.drained.append(continuation)
                return false
            }
            if isDrained { continuation.resume() }
        }
    }
}
