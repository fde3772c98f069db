import Logging

/// Between which moments a lock began: a call was sent, and its answer was there.
struct LockBeginning: Sendable {
    var sent: Duration
    var received: Duration
}

extension TaskRun {
    /// How much later than it should an answer to a poll may come before its locks are doubted.
    private static let longestDelay = Duration.seconds(1)

    /// When the task's lock began; nil when it is over, so that the handler must not be called.
    ///
    /// An answer may come long after the engine has given it, when the process was stopped meanwhile. Then the lock is
    /// extended first, in order to know.
    func lockBeginning() async -> LockBeginning? {
        guard isLockDoubtful else { return LockBeginning(sent: sent, received: received) }
        // Waited for right below: it is cancelled as the handler would be.
        let extending = Task(executorPreference: Placement.executor) { await extendedLock() }
        let registration = state.register { extending.cancel() }
        defer { state.forget(registration) }
        return await extending.value
    }

    /// Whether the answer came later than a poll may last, or the lock is over by the machine's clock.
    ///
    /// The engine's clock may differ from the machine's: that costs a call, and nothing else.
    private var isLockDoubtful: Bool {
        let delay = min(Self.longestDelay, subscription.lockDuration / 2)
        if received - sent > worker.configuration.pollTimeout + delay { return true }
        guard let end = task.lockExpiration, let now = worker.wallClock?() else { return false }
        return end <= now
    }

    private func extendedLock() async -> LockBeginning? {
        let sent = timeline.now
        do {
            try await client.extendLock(task.handle, for: subscription.lockDuration)
            ClientMetrics.extended(task.topic, "ok")
            return LockBeginning(sent: sent, received: timeline.now)
        } catch {
            let code = (error as? BatonError)?.code.description ?? "cancelled"
            ClientMetrics.extended(task.topic, code)
            logger.event(
                .warning,
                "Lock was over before the handler began, which is not called",
                [.error: "\(error)", .code: "\(code)"]
            )
            return nil
        }
    }
}
