import Synchronization

/// The hold on one task's lock: until when it is sure, when it is to be extended, and whether it is lost.
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

    private struct State {
        var end: Duration
        var loss: Loss?
    }

    private let state: Mutex<State>
    private let timeline: Timeline

    /// A lock that a fetch has brought.
    ///
    /// A poll may be held for long, and its lock begins near the end of that. From when it was sent, the lock may then be
    /// over before it was heard of; half of its time from now on is given to find out by an extension.
    init(timeline: Timeline, sent: Duration, received: Duration, duration: Duration) {
        self.timeline = timeline
        state = Mutex(State(end: max(sent + duration, received + duration / 2)))
    }

    /// When the lock ends unless it is extended.
    var end: Duration { state.withLock { $0.end } }
    /// Why it is lost; nil while it is not.
    var loss: Loss? { state.withLock { $0.loss } }

    /// The lock was extended by a call that was sent at that moment.
    func extended(sent: Duration, by duration: Duration) {
        state.withLock { $0.end = sent + duration }
    }

    /// The lock is lost; the first reason counts.
    func lose(_ loss: Loss) {
        state.withLock { $0.loss = $0.loss ?? loss }
    }
}
