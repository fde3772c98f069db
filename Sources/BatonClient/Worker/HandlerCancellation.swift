import Synchronization

/// Cancels a handler, also when that is wanted before the handler's task is known.
final class HandlerCancellation: Sendable {
    private struct State {
        var handler: Task<TaskOutcome, any Error>?
        var isCancelled = false
        var isTooLate = false
    }

    private let state = Mutex(State())

    /// Whether it was cancelled because it took too long.
    var isTooLate: Bool { state.withLock { $0.isTooLate } }

    /// The handler's task.
    func set(_ handler: Task<TaskOutcome, any Error>) {
        let isCancelled = state.withLock { state in
            state.handler = handler
            return state.isCancelled
        }
        if isCancelled { handler.cancel() }
    }

    /// Cancels the handler; the first reason counts.
    func cancel(isTooLate: Bool = false) {
        let handler = state.withLock { state in
            if !state.isCancelled { state.isTooLate = isTooLate }
            state.isCancelled = true
            return state.handler
        }
        handler?.cancel()
    }
}
