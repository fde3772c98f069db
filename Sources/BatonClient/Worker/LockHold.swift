import Synchronization

/// The hold on one task's lock: until when it is sure, and whether it is lost.
///
/// Times are those of a ``Timeline``. The server counts a lock from when it gets the call, so what is counted from when
/// the call was *sent* ends a little early: never too late.
final class LockHold: Sendable {
    /// Why a lock is lost.
    enum Loss: Sendable, Equatable {
        /// The engine says so.
        case refused(BatonError.Code)
        /// Its time is over, and no extension got through.
        case ranOut
    }

    /// One piece of time for which the lock is held.
    struct Term: Sendable, Equatable {
        /// From when it is counted.
        var start: Duration
        /// When it ends unless it is extended.
        var end: Duration
    }

    private struct State {
        var term: Term
        /// When the last extension was answered.
        var answered: Duration
        /// How often somebody has moved the end, or lost the lock.
        var moves = 0
        var waiter: CheckedContinuation<Void, Never>?
        var loss: Loss?
    }

    private let state: Mutex<State>

    /// A lock that a fetch has brought.
    ///
    /// A poll may be held for long, and its lock begins near the end of that. From when it was sent, the lock may then
    /// be over before it was heard of; half of its time from now on is given to find out by an extension.
    init(sent: Duration, received: Duration, duration: Duration) {
        let term = Term(start: sent, end: max(sent + duration, received + duration / 2))
        state = Mutex(State(term: term, answered: received))
    }

    /// The term under way, and a number by which to wait for another one.
    var term: (Term, moves: Int) { state.withLock { ($0.term, $0.moves) } }
    /// When the lock ends unless it is extended.
    var end: Duration { state.withLock { $0.term.end } }
    /// Why it is lost; nil while it is not.
    var loss: Loss? { state.withLock { $0.loss } }

    /// The lock was extended.
    ///
    /// Of two extensions under way at the same time nobody knows which one the server got last: the shorter one counts.
    func extended(sent: Duration, answered: Duration, by duration: Duration) {
        move(answered: answered) { term, lastAnswer in
            let end = sent + duration
            return Term(start: sent, end: sent < lastAnswer ? min(term.end, end) : end)
        }
    }

    /// Nobody knows whether the lock was extended, or cut short.
    func perhapsExtended(sent: Duration, answered: Duration, by duration: Duration) {
        move(answered: answered) { term, _ in
            Term(start: min(term.start, sent), end: min(term.end, sent + duration))
        }
    }

    /// The lock is lost; the first reason counts.
    func lose(_ loss: Loss) {
        let waiter = state.withLock { state in
            state.loss = state.loss ?? loss
            state.moves += 1
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits until the end is moved, or the lock lost, after the move with this number, or the surrounding task is
    /// cancelled; once at a time.
    func moves(after moves: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.moves == moves, !Task.isCancelled else { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume()
        }
    }

    private func move(answered: Duration, _ term: (Term, _ lastAnswer: Duration) -> Term) {
        let waiter = state.withLock { state in
            state.term = term(state.term, state.answered)
            state.answered = max(state.answered, answered)
            state.moves += 1
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
