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
    /// - Parameters:
    ///   - sent: When the fetch was sent.
    ///   - received: When its answer was there.
    func run(sent: Duration, received: Duration) async {
        do {
            guard let fraction else {
                try await waitForEnd()
                return
            }
            let interval = duration * fraction
            // After a long poll an extension is due at once, in order to know; a handler that is quick needs none.
            var due = max(sent + interval, received + min(interval, .seconds(1)))
            while true {
                try await timeline.sleep(until: min(due, hold.end))
                guard timeline.now < hold.end else { return lose(.ranOut) }
                guard hold.end - timeline.now <= duration else {
                    // The handler has taken it for longer: that is not cut short.
                    due = hold.end - duration + interval
                    continue
                }
                let time = min(hold.end - timeline.now, max(interval / 2, Self.shortestAttempt))
                switch try await extended(within: time) {
                case .success(let sent): due = sent + interval
                case .failure(let error):
                    guard !error.isLockLost else { return lose(.refused(error.code)) }
                    due = timeline.now + min(interval / 4, Self.longestPause)
                }
            }
        } catch {
            // Cancelled: the handler has ended.
        }
    }

    /// Extends once, at the handler's wish.
    func extend(by duration: Duration) async throws {
        let sent = timeline.now
        do {
            try await client.extendLock(task, by: duration)
            hold.extended(sent: sent, by: duration)
            ClientMetrics.extended(topic, "ok")
        } catch let error as BatonError {
            ClientMetrics.extended(topic, error.code.description)
            if error.isLockLost { lose(.refused(error.code)) }
            throw error
        }
    }

    /// Sleeps to the end of the lock, as often as the handler moves it.
    private func waitForEnd() async throws {
        while true {
            let end = hold.end
            try await timeline.sleep(until: end)
            guard hold.end > end else { return lose(.ranOut) }
        }
    }

    /// Extends, giving up when the lock is over; says when the call was sent that worked.
    private func extended(within time: Duration) async throws -> Result<Duration, BatonError> {
        let sent = timeline.now
        do {
            let isDone: Void? = try await timeline.within(time) { try await extendOrLock() }
            guard isDone != nil else { throw BatonError(.timedOut, operation: .extendLock, isOutcomeUnknown: true) }
            hold.extended(sent: sent, by: duration)
            ClientMetrics.extended(topic, "ok")
            logger.event(.debug, "Lock extended", [:])
            return .success(sent)
        } catch let error as BatonError {
            ClientMetrics.extended(topic, error.code.description)
            if !error.isLockLost {
                logger.event(.warning, "Lock was not extended", [.error: "\(error)", .code: "\(error.code)"])
            }
            return .failure(error)
        }
    }

    /// Extends the lock; takes it again when it has run out and nobody else has taken it.
    ///
    /// *Ran out* is said only to the worker that still owns the task, so nobody can have had it meanwhile.
    private func extendOrLock() async throws {
        do {
            try await client.extendLock(task, by: duration)
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
