import Synchronization

/// A question that many want to be answered, and that is asked by one at a time.
///
/// Whoever comes while it is under way waits for the answer, until it is `patience` old at most: so a question that hangs
/// makes nobody wait longer, and a thousand that come at once cost as much as one.
final class SharedQuestion<Answer: Sendable>: Sendable {
    /// What whoever asks is told.
    enum Reply: Sendable {
        case known(Answer)
        /// The question is under way for so long.
        case silence(Duration)
    }

    private struct State {
        /// Since when the question is under way.
        var askedAt: ContinuousClock.Instant?
        var last: (moment: ContinuousClock.Instant, answer: Answer)?
        var waiters: [CheckedContinuation<Reply, Never>] = []
    }

    private enum Turn {
        case told(Reply)
        case ask
        case wait
    }

    private let state = Mutex(State())
    private let patience: Duration
    private let ask: @Sendable () async -> Answer

    /// `ask` must end by itself.
    init(patience: Duration, ask: @escaping @Sendable () async -> Answer) {
        self.patience = patience
        self.ask = ask
    }

    /// The last answer, or the next one; `isGood` says whether an answer of that age will do.
    func answer(unless isGood: (Answer, _ age: Duration) -> Bool) async -> Reply {
        await withCheckedContinuation { continuation in
            let now = ContinuousClock.now
            switch state.withLock({ turn(&$0, at: now, continuation, isGood) }) {
            case .told(let reply): continuation.resume(returning: reply)
            case .wait: break
            // Nobody waits for it: it ends with the question.
            case .ask: Task { await self.askOnce() }
            }
        }
    }

    private func turn(
        _ state: inout State,
        at now: ContinuousClock.Instant,
        _ waiter: CheckedContinuation<Reply, Never>,
        _ isGood: (Answer, _ age: Duration) -> Bool
    ) -> Turn {
        if let askedAt = state.askedAt {
            let waited = now - askedAt
            guard waited < patience else { return .told(.silence(waited)) }
            state.waiters.append(waiter)
            return .wait
        }
        if let last = state.last, isGood(last.answer, now - last.moment) { return .told(.known(last.answer)) }
        state.askedAt = now
        state.waiters.append(waiter)
        return .ask
    }

    private func askOnce() async {
        let impatience = Task {
            guard (try? await Task.sleep(for: self.patience)) != nil else { return }
            self.tell(.silence(self.patience))
        }
        let answer = await ask()
        impatience.cancel()
        state.withLock { state in
            state.askedAt = nil
            state.last = (.now, answer)
        }
        tell(.known(answer))
    }

    private func tell(_ reply: Reply) {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: reply) }
    }
}
