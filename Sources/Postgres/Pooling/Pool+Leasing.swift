import Logging
import Measures
import Synchronization

extension Pool {
    /// A session in a caller's hands.
    struct Lease: Sendable {
        let id: PoolState.SessionID
        let session: Session
    }

    /// Waits for a session, or opens one.
    func acquire() async throws(PostgresError) -> Lease {
        let deadline = ContinuousClock.now.advanced(by: limits.acquireTimeout)
        while true {
            let (acquisition, waiter) = inside.withLock { inside in
                inside.lastWaiter += 1
                return (inside.state.acquire(inside.lastWaiter), inside.lastWaiter)
            }
            let lease: Lease?
            switch acquisition {
            case .lease(let id): lease = await checked(id)
            case .connect(let id): lease = try await connect(id, until: deadline)
            case .wait:
                let began = ContinuousClock.now
                defer { waits.observe(ContinuousClock.now - began) }
                switch try await offer(to: waiter, until: deadline) {
                case .lease(let id): lease = await checked(id)
                case .connect(let id): lease = try await connect(id, until: deadline)
                }
            case .full: throw PostgresError(.poolTimeout, message: "Too many callers wait for a session.")
            case .closed: throw .poolClosed
            }
            if let lease {
                uses.add()
                return lease
            }
        }
    }

    /// Puts a session back, or closes it when nobody can use it any more.
    func giveBack(_ lease: Lease) async {
        // Whether the database has ended it since is looked at when it is handed out.
        var isUsable = lease.session.wasLeftClean
        if !isUsable { isUsable = await lease.session.reset() }
        let now = ContinuousClock.now
        let isYoung = inside.withLock { inside in
            inside.members[lease.id]?.idleSince = now
            guard let member = inside.members[lease.id] else { return false }
            return now - member.openedAt < limits.maximumAge
        }
        release(lease.id, isUsable: isUsable && isYoung)
        trim()
    }

    /// A session that was idle: nil when the database has closed it meanwhile.
    private func checked(_ id: PoolState.SessionID) async -> Lease? {
        if let session = inside.withLock({ $0.members[id]?.session }) {
            if session.looksReusable { return Lease(id: id, session: session) }
            if await session.reset() { return Lease(id: id, session: session) }
            logger.debug("Database session was closed while it was idle")
        }
        release(id, isUsable: false)
        return nil
    }

    /// Waits in the queue.
    private func offer(
        to waiter: PoolState.WaiterID,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> PoolState.Offer {
        let offer = await withDeadline(deadline) {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // Whatever happened between the queueing and this moment is found here.
                    let early: PoolState.Offer?? = self.inside.withLock { inside in
                        if let offer = inside.early.removeValue(forKey: waiter) { return .some(offer) }
                        guard inside.state.waiters.contains(waiter), !Task.isCancelled else {
                            _ = inside.state.withdraw(waiter)
                            return .some(nil)
                        }
                        inside.continuations[waiter] = continuation
                        return nil
                    }
                    if let early { continuation.resume(returning: early) }
                }
            } onCancel: {
                self.withdraw(waiter)
            }
        }
        if let offer { return offer }
        guard !Task.isCancelled else {
            throw PostgresError(.cancelled, message: "Cancelled while waiting for a session.")
        }
        guard !inside.withLock({ $0.state.isClosed }) else { throw .poolClosed }
        throw PostgresError(
            .poolTimeout,
            message: "All \(limits.maximum) sessions were in use for \(limits.acquireTimeout)."
        )
    }

    private func withdraw(_ waiter: PoolState.WaiterID) {
        let continuation = inside.withLock { inside in
            inside.state.withdraw(waiter) ? inside.continuations.removeValue(forKey: waiter) : nil
        }
        continuation?.resume(returning: nil)
    }

    /// Opens a session, trying again with growing pauses until `deadline`.
    ///
    /// The pauses count from the last failure, whoever's it was. Counted from the beginning of each caller's own tries,
    /// callers that had waited in the queue would have no time left after a pause, and leave without having tried.
    private func connect(
        _ id: PoolState.SessionID,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Lease {
        var failure = PostgresError(.poolTimeout, message: "No session could be opened in time.")
        while ContinuousClock.now < deadline, !Task.isCancelled, !inside.withLock({ $0.state.isClosed }) {
            let next = inside.withLock(\.nextConnection)
            if next > .now { try? await Task.sleep(until: min(next, deadline), clock: .continuous) }
            let settings = settings
            let logger = logger
            let times = times
            let result = await withDeadline(deadline) { () -> Result<Session, PostgresError> in
                do throws(PostgresError) {
                    return .success(try await Session.connect(settings, logger: logger, times: times))
                } catch {
                    return .failure(error)
                }
            }
            switch result {
            case .success(let session):
                inside.withLock { inside in
                    inside.backoff.succeeded()
                    inside.members[id] = Member(session: session)
                }
                return Lease(id: id, session: session)
            case .failure(let error):
                if error.kind != .cancelled {
                    failure = error
                    inside.withLock { inside in
                        inside.backoff.failed()
                        inside.nextConnection = .now + inside.backoff.delay()
                    }
                    logger.debug("Database session could not be opened", metadata: ["error": "\(error)"])
                }
            }
        }
        release(id, isUsable: false)
        guard !Task.isCancelled else { throw PostgresError(.cancelled, message: "Cancelled while connecting.") }
        throw failure
    }

    private func release(_ id: PoolState.SessionID, isUsable: Bool) {
        let (session, waiter, offer, drained) = inside.withLock { inside in
            let release = inside.state.release(id, isUsable: isUsable)
            let session = release.close.flatMap { inside.members.removeValue(forKey: $0)?.session }
            let waiter = release.offer.flatMap { offer in
                let continuation = inside.continuations.removeValue(forKey: offer.waiter)
                if continuation == nil { inside.early[offer.waiter] = offer.what }
                return continuation
            }
            defer { if release.isDrained { inside.drained = [] } }
            return (session, waiter, release.offer?.what, release.isDrained ? inside.drained : [])
        }
        waiter?.resume(returning: offer)
        for continuation in drained { continuation.resume() }
        // Dropping the last reference closes the connection.
        _ = session
    }

    private func trim() {
        let now = ContinuousClock.now
        let spare = inside.withLock { inside in
            inside.state.trim(toMinimum: limits.minimum) { [members = inside.members] id in
                members[id].map { now - $0.idleSince > limits.idleTimeout } ?? true
            }.compactMap { inside.members.removeValue(forKey: $0)?.session }
        }
        _ = spare
    }
}

extension PostgresError {
    fileprivate static var poolClosed: PostgresError {
        PostgresError(.closed, message: "The pool is shut down.")
    }
}

/// Runs `work`, and cancels it when `deadline` passes; it must return soon after it is cancelled.
func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    _ work: @escaping @Sendable () async -> Value
) async -> Value {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            try? await Task.sleep(until: deadline, clock: .continuous)
            return nil
        }
        var value: Value?
        for await result in group {
            if let result { value = result }
            group.cancelAll()
        }
        guard let value else { preconditionFailure("A task of a group ended without its value.") }
        return value
    }
}
