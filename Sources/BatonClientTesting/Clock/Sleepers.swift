/// Somebody who waits, and how the wait ends.
struct Resumption: Sendable {
    let continuation: CheckedContinuation<Void, any Error>
    var isCancelled = false

    func resume() {
        if isCancelled {
            continuation.resume(throwing: CancellationError())
        } else {
            continuation.resume()
        }
    }
}

/// A task that sleeps until a moment.
struct Sleeper: Sendable {
    let id: Int
    let deadline: TestClock.Instant
    /// Whether it is one of the program under test.
    let counts: Bool
    let continuation: CheckedContinuation<Void, any Error>

    init(_ id: Int, _ deadline: TestClock.Instant, _ counts: Bool, _ continuation: CheckedContinuation<Void, any Error>)
    {
        self.id = id
        self.deadline = deadline
        self.counts = counts
        self.continuation = continuation
    }

    func resume() { continuation.resume() }
}

/// A task that waits for a number of sleepers.
struct Watcher: Sendable {
    let id: Int
    let count: Int
    let continuation: CheckedContinuation<Void, any Error>

    init(_ id: Int, _ count: Int, _ continuation: CheckedContinuation<Void, any Error>) {
        self.id = id
        self.count = count
        self.continuation = continuation
    }
}

/// What a clock knows: the time, who sleeps, and who waits for sleepers.
///
/// Who was cancelled before it was added is remembered, because the two come in any order.
struct Sleepers: Sendable {
    private(set) var now = TestClock.Instant(offset: .zero)
    private var sleepers: [Sleeper] = []
    private var watchers: [Watcher] = []
    private var cancelled: Set<Int> = []
    private var lastID = 0

    /// How many sleep, as far as they count.
    var count: Int { sleepers.count(where: \.counts) }

    /// When the next one wakes up.
    var next: TestClock.Instant? { sleepers.map(\.deadline).min() }

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// Takes in a sleeper; returns who is to be resumed.
    mutating func add(_ sleeper: Sleeper) -> [Resumption] {
        if cancelled.remove(sleeper.id) != nil {
            return [Resumption(continuation: sleeper.continuation, isCancelled: true)]
        }
        guard sleeper.deadline > now else { return [Resumption(continuation: sleeper.continuation)] }
        sleepers.append(sleeper)
        return satisfiedWatchers()
    }

    /// Takes in who waits for sleepers; returns who is to be resumed.
    mutating func watch(_ watcher: Watcher) -> [Resumption] {
        if cancelled.remove(watcher.id) != nil {
            return [Resumption(continuation: watcher.continuation, isCancelled: true)]
        }
        watchers.append(watcher)
        return satisfiedWatchers()
    }

    /// Takes out who was cancelled.
    mutating func cancel(_ id: Int) -> [Resumption] {
        if let index = sleepers.firstIndex(where: { $0.id == id }) {
            return [Resumption(continuation: sleepers.remove(at: index).continuation, isCancelled: true)]
        }
        if let index = watchers.firstIndex(where: { $0.id == id }) {
            return [Resumption(continuation: watchers.remove(at: index).continuation, isCancelled: true)]
        }
        // Either it has not been added yet, or it has been woken: then nobody asks for it any more.
        cancelled.insert(id)
        return []
    }

    /// Goes to the next moment at which somebody wakes up, and takes those out; nil when there is none until `moment`.
    mutating func wakeNext(upTo moment: TestClock.Instant) -> [Sleeper]? {
        guard let next, next <= moment else { return nil }
        now = max(now, next)
        let woken = sleepers.filter { $0.deadline <= next }
        sleepers.removeAll { $0.deadline <= next }
        return woken
    }

    /// Goes to a moment, unless it is past.
    mutating func pass(to moment: TestClock.Instant) {
        now = max(now, moment)
    }

    private mutating func satisfiedWatchers() -> [Resumption] {
        let count = count
        let satisfied = watchers.filter { $0.count <= count }
        watchers.removeAll { $0.count <= count }
        return satisfied.map { Resumption(continuation: $0.continuation) }
    }
}
