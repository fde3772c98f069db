import Synchronization

/// Lets one task sleep until a moment, and others wake it before.
final class Alarm: Sendable {
    private struct State {
        /// Rung while nobody slept: the next sleep ends at once.
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Returns at the moment, when the alarm rings, or when the task is cancelled; without a moment only then.
    func wait(until moment: ContinuousClock.Instant?) async {
        await withTaskGroup(of: Void.self) { group in
            if let moment {
                group.addTask { try? await Task.sleep(until: moment, tolerance: .zero, clock: .continuous) }
            }
            group.addTask { await self.waitForRing() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Wakes the sleeper, or the next one.
    func ring() {
        let sleeper = state.withLock { state in
            state.isRung = state.sleeper == nil
            return state.sleeper.take()
        }
        sleeper?.resume()
    }

    private func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard !state.isRung, !Task.isCancelled else {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            // Whoever is cancelled before it sleeps sees that itself.
            state.withLock { $0.sleeper.take() }?.resume()
        }
    }
}
