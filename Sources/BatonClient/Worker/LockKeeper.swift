import Logging

/// Extends a task's lock while its handler runs, and learns when it is lost.
struct LockKeeper: LockHolding {
    let client: EngineClient
    let task: TaskHandle
    let topic: String
    let hold: LockHold
    let timeline: Timeline
    let logger: Logger
    /// How long each extension lasts.
    let duration: Duration
    /// The part of the duration after which it is extended; nil for never.
    let fraction: Double?
    /// Called when the lock is lost.
    let onLoss: @Sendable () -> Void

    /// The longest pause before an extension that did not get through is sent again.
    private static let longestPause = Duration.seconds(1)

    /// How long an extension is waited for at least, unless the lock ends before.
    private static let shortestAttempt = Duration.seconds(1)

    var isLost: Bool { hold.loss != nil }

    /// Keeps the lock until the surrounding task is cancelled or the lock is lost.
    ///
    /// Whenever somebody moves the lock's end, which the handler may do as well, it is considered anew when to extend.
    /// - Parameters:
    ///   - sent: When the fetch was sent.
    ///   - received: When its answer was there.
    func run(sent: Duration, received: Duration) async {
        do {
            // After a long poll an extension is due at once, in order to know; a handler that is quick needs none.
            var due = fraction.map { max(sent + duration * $0, received + min(duration * $0, .seconds(1))) }
            var known = hold.term.moves
            var failures = 0
            while !isLost {
                let (term, moves) = hold.term
                if moves != known {
                    known = moves
                    due = fraction.map { Self.due(in: term, extendedBy: duration, at: $0) }
                }
                let hasMoved = try await sleep(until: min(due ?? term.end, term.end), orMoveAfter: known)
                if hasMoved { continue }
                guard timeline.now < term.end else { return lose(.ranOut) }
                let interval = duration * (fraction ?? 1)
                let time = min(term.end - timeline.now, max(interval / 2, Self.shortestAttempt))
                if let error = try await extensionFailure(within: time) {
                    guard !error.isLockLost else { return lose(.refused(error.code)) }
                    failures += 1
                    logger.event(
                        failures == 1 ? .warning : .debug,
                        "Lock was not extended",
                        [.error: "\(error)", .code: "\(error.code)", .attempt: "\(failures)"]
                    )
                    let (term, moves) = hold.term
                    known = moves
                    due = max(timeline.now + min(interval / 4, Self.longestPause), term.end - duration + interval)
                } else {
                    logger.event(
                        failures > 0 ? .info : .debug,
                        failures > 0 ? "Lock is extended again" : "Lock extended",
                        [:]
                    )
                    failures = 0
                }
            }
        } catch {
            // Cancelled: the handler has ended.
        }
    }

    /// When to extend a lock by `duration` that lasts for a term.
    ///
    /// At a part of the term; a term that is longer than the extension is not cut short but for that part.
    static func due(in term: LockHold.Term, extendedBy duration: Duration, at fraction: Double) -> Duration {
        let length = term.end - term.start
        return max(term.start + length * fraction, term.end - duration * (1 - fraction))
    }

    /// Extends once, at the handler's wish.
    func extend(by duration: Duration) async throws {
        let sent = timeline.now
        do {
            try await client.extendLock(task, for: duration)
            hold.extended(sent: sent, answered: timeline.now, by: duration)
            ClientMetrics.extended(topic, "ok")
        } catch let error as BatonError {
            ClientMetrics.extended(topic, error.code.description)
            if error.isOutcomeUnknown { hold.perhapsExtended(sent: sent, answered: timeline.now, by: duration) }
            if error.isLockLost { lose(.refused(error.code)) }
            throw error
        } catch {
            hold.perhapsExtended(sent: sent, answered: timeline.now, by: duration)
            throw error
        }
    }

    /// Sleeps; says whether the lock's end was moved meanwhile.
    private func sleep(until moment: Duration, orMoveAfter moves: Int) async throws -> Bool {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await timeline.sleep(until: moment) }
            group.addTask { await hold.moves(after: moves) }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
        return hold.term.moves != moves
    }

    /// Extends, giving up when the lock is over; returns why it did not work.
    private func extensionFailure(within time: Duration) async throws -> BatonError? {
        let sent = timeline.now
        do {
            let isDone: Void? = try await timeline.within(time) { try await extendOrLock() }
            guard isDone != nil else { throw BatonError(.timedOut, operation: .extendLock, isOutcomeUnknown: true) }
            hold.extended(sent: sent, answered: timeline.now, by: duration)
            ClientMetrics.extended(topic, "ok")
            return nil
        } catch let error as BatonError {
            ClientMetrics.extended(topic, error.code.description)
            if error.isOutcomeUnknown { hold.perhapsExtended(sent: sent, answered: timeline.now, by: duration) }
            return error
        }
    }

    /// Extends the lock; takes it again when the engine says that it has run out.
    ///
    /// That can only be when its end is not sure, after a long poll: a handler whose lock is over by the worker's own
    /// clock is cancelled. *Ran out* is said only to the worker that still owns the task, so nobody can have had it
    /// meanwhile.
    private func extendOrLock() async throws {
        do {
            try await client.extendLock(task, for: duration)
        } catch let error as BatonError where error.code == .lockExpired {
            try await client.lock(task, for: duration)
        }
    }

    private func lose(_ loss: LockHold.Loss) {
        guard hold.loss == nil else { return }
        hold.lose(loss)
        logger.event(.warning, "Lock lost; the handler is cancelled", [.code: "\(loss)"])
        onLoss()
    }
}
