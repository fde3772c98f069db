import Synchronization

/// Holds a token while it is good, and has one call of the provider at a time fetch another.
///
/// Everybody who needs a token waits for the same call. Whoever is cancelled leaves at once, and the others go on
/// waiting; a call that nobody waits for any more is cancelled, and so is one that takes too long.
final class TokenCache: Sendable {
    typealias Token = BearerAuthentication.Token
    typealias Reason = BearerAuthentication.Reason

    private let state = Mutex(TokenState())
    private let timeline: Timeline
    private let timeout: Duration
    /// How long before its end a token is used no more, at most; a tenth of its lifetime when that is less.
    private static let longestMargin = Duration.seconds(30)

    private let provider: @Sendable (Reason) async throws -> Token

    init(
        clock: any Clock<Duration>,
        timeout: Duration,
        provider: @escaping @Sendable (Reason) async throws -> Token
    ) {
        timeline = Timeline(clock)
        self.timeout = timeout
        self.provider = provider
    }

    /// A token that is good, as far as one can know, and another one than the one that was refused.
    ///
    /// - Throws: What the provider throws; ``BatonError`` with ``BatonError/Code/timedOut``; `CancellationError`.
    func token(insteadOf refused: Token? = nil) async throws -> Token {
        let now = timeline.now
        if let token = state.withLock({ $0.token(at: now, insteadOf: refused) }) { return token }
        let id = state.withLock { $0.nextID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let action = state.withLock { state in
                    // Whoever is cancelled before it waits sees that itself.
                    Task.isCancelled
                        ? .answer(.failure(CancellationError()))
                        : state.wait(continuation, id, at: now, insteadOf: refused)
                }
                switch action {
                case .none: break
                case .answer(let result): continuation.resume(with: result)
                case .call(let number): call(number, refused.map { .refused($0) } ?? .needed)
                }
            }
        } onCancel: {
            let (continuation, call) = state.withLock { $0.leave(id) }
            continuation?.resume(throwing: CancellationError())
            call?.cancel()
        }
    }

    private func call(_ number: Int, _ reason: Reason) {
        // Belongs to those who wait: it is cancelled when nobody does any more.
        let task = Task(executorPreference: Placement.executor) { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [self] in
                    guard (try? await timeline.sleep(for: timeout)) != nil else { return }
                    end(number, .failure(BatonError(.timedOut, message: "There was no token within \(timeout)")))
                }
                do {
                    let start = timeline.now
                    let token = try await provider(reason)
                    end(number, .success(token), goodUntil: token.lifetime.map { start + Self.usable($0) })
                } catch {
                    end(number, .failure(error))
                }
                group.cancelAll()
            }
        }
        if !state.withLock({ $0.began(number, task) }) { task.cancel() }
    }

    /// The part of a token's lifetime in which it is used: one that is sent in its last moment comes too late.
    private static func usable(_ lifetime: Duration) -> Duration { lifetime - min(lifetime / 10, longestMargin) }

    private func end(_ number: Int, _ result: Result<Token, any Error>, goodUntil end: Duration? = nil) {
        let (waiting, call) = state.withLock { $0.end(number, result, goodUntil: end) }
        for continuation in waiting { continuation.resume(with: result) }
        // One that ends in time has nothing left that could be cancelled.
        call?.cancel()
    }
}

/// What a ``TokenCache`` knows: the token, and the call for another one with those who wait for it.
struct TokenState: Sendable {
    typealias Token = BearerAuthentication.Token
    typealias Waiter = CheckedContinuation<Token, any Error>

    /// What is to be done for somebody who wants a token.
    enum Action: Sendable {
        case none
        case answer(Result<Token, any Error>)
        /// To call the provider; the call gets this number.
        case call(Int)
    }

    private struct Call {
        let number: Int
        var task: Task<Void, Never>?
        var waiters: [Int: Waiter]
    }

    private var current: (token: Token, end: Duration?)?
    private var call: Call?
    private var lastID = 0

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// The token that is there, unless its time is over or it is the one that was refused.
    func token(at now: Duration, insteadOf refused: Token?) -> Token? {
        guard let current, current.token.text != refused?.text, current.end.map({ now < $0 }) ?? true else {
            return nil
        }
        return current.token
    }

    /// Takes in somebody who waits.
    mutating func wait(_ waiter: Waiter, _ id: Int, at now: Duration, insteadOf refused: Token?) -> Action {
        if let token = token(at: now, insteadOf: refused) { return .answer(.success(token)) }
        guard call == nil else {
            call?.waiters[id] = waiter
            return .none
        }
        call = Call(number: id, waiters: [id: waiter])
        return .call(id)
    }

    /// The call is under way; returns whether anybody waits for it.
    mutating func began(_ number: Int, _ task: Task<Void, Never>) -> Bool {
        guard call?.number == number else { return false }
        call?.task = task
        return true
    }

    /// Takes out somebody who was cancelled, and the call when that was the last one.
    mutating func leave(_ id: Int) -> (Waiter?, Task<Void, Never>?) {
        guard let waiter = call?.waiters.removeValue(forKey: id) else { return (nil, nil) }
        guard call?.waiters.isEmpty == true else { return (waiter, nil) }
        return (waiter, call.take()?.task)
    }

    /// The call has ended; returns who waits for it, none when it is not wanted any more.
    mutating func end(
        _ number: Int,
        _ result: Result<Token, any Error>,
        goodUntil end: Duration?
    ) -> ([Waiter], Task<Void, Never>?) {
        guard let ended = call, ended.number == number else { return ([], nil) }
        call = nil
        if case .success(let token) = result { current = (token, end) }
        return (Array(ended.waiters.values), ended.task)
    }
}
