import Synchronization

/// Lets a few at a time go on, in the order in which they came; each key has turns of its own.
final class Turns<Key: Hashable & Sendable>: Sendable {
    private struct State: Sendable {
        /// How many have their turn; no key is here without one.
        var underWay: [Key: Int] = [:]
        var waiting: [Key: ArraySlice<CheckedContinuation<Bool, Never>>] = [:]
        var waitingCount = 0
    }

    private let width: Int
    private let maximumWaiting: Int
    private let state = Mutex(State())

    /// `width`: How many with one key go on at a time, at least 1.
    ///
    /// `maximumWaiting`: How many wait at most, with all keys.
    init(width: Int, maximumWaiting: Int) {
        self.width = max(1, width)
        self.maximumWaiting = maximumWaiting
    }

    /// How many wait now.
    var waitingCount: Int { state.withLock { $0.waitingCount } }

    /// How many with a key have their turn now.
    func count(_ key: Key) -> Int { state.withLock { $0.underWay[key] ?? 0 } }

    /// Waits for a turn, and does something then.
    ///
    /// - Throws: ``TooManyChecks`` when too many wait; what `work` throws.
    func take<Value>(_ key: Key, _ work: () async throws -> Value) async throws -> Value {
        try await begin(key)
        defer { end(key) }
        return try await work()
    }

    private func begin(_ key: Key) async throws(TooManyChecks) {
        let isAdmitted = await withCheckedContinuation { continuation in
            // Nil: resumed by whoever ends.
            let isAdmitted = state.withLock { state -> Bool? in
                if state.underWay[key, default: 0] < width {
                    state.underWay[key, default: 0] += 1
                    return true
                }
                guard state.waitingCount < maximumWaiting else { return false }
                state.waitingCount += 1
                state.waiting[key, default: []].append(continuation)
                return nil
            }
            if let isAdmitted { continuation.resume(returning: isAdmitted) }
        }
        if !isAdmitted { throw TooManyChecks() }
    }

    private func end(_ key: Key) {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            // The turn goes from hand to hand.
            if let next = state.waiting[key]?.popFirst() {
                state.waitingCount -= 1
                if state.waiting[key]?.isEmpty == true { state.waiting[key] = nil }
                return next
            }
            state.underWay[key, default: 1] -= 1
            if state.underWay[key] == 0 { state.underWay[key] = nil }
            return nil
        }
        next?.resume(returning: true)
    }
}
