import Synchronization

/// What a running worker knows of itself: how many slots are taken, and whether it is to end.
///
/// Decides under its lock; what follows (resuming, cancelling) is done outside.
final class WorkerState: Sendable {
    /// How far the end is; it goes only forward.
    enum Phase: Sendable, Comparable {
        /// Fetches tasks.
        case working
        /// Fetches nothing more; handlers go on.
        case draining
        /// Handlers are cancelled.
        case ending
    }

    private struct State {
        var phase = Phase.working
        var busy = 0
        /// The ids of the tasks that take them.
        var taskIDs: Set<String> = []
        /// Who waits for a free slot.
        var waiter: CheckedContinuation<Void, Never>?
        /// Who waits until no slot is taken, or handlers are to be cancelled.
        var idler: CheckedContinuation<Void, Never>?
        /// The poll or the pause that is under way, and whether it is a pause that good news end.
        var current: (task: Task<Void, Never>, endsWithGoodNews: Bool)?
        var handlers: [Int: @Sendable () -> Void] = [:]
        var nextHandler = 0
    }

    private let state = Mutex(State())
    private let slots: Int

    init(slots: Int) {
        self.slots = slots
    }

    var phase: Phase { state.withLock { $0.phase } }

    /// How many slots are taken.
    var busy: Int { state.withLock { $0.busy } }

    // MARK: Slots

    /// Waits until a slot is free; says how many are, or nil when the worker is to end.
    func freeSlots() async -> Int? {
        while true {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    guard state.phase == .working, state.busy >= slots else { return true }
                    state.waiter = continuation
                    return false
                }
                if isFree { continuation.resume() }
            }
            let (phase, free) = state.withLock { ($0.phase, slots - $0.busy) }
            guard phase == .working else { return nil }
            if free > 0 { return free }
        }
    }

    /// Takes a slot for a task that was fetched.
    ///
    /// - Returns: False when the task has one already: the attempt before has not ended.
    func take(for taskID: String) -> Bool {
        state.withLock { state in
            guard state.taskIDs.insert(taskID).inserted else { return false }
            state.busy += 1
            return true
        }
    }

    /// Gives a task's slot back.
    func release(from taskID: String) {
        let (waiter, idler) = state.withLock { state in
            state.busy -= 1
            state.taskIDs.remove(taskID)
            return (state.waiter.take(), state.busy == 0 ? state.idler.take() : nil)
        }
        waiter?.resume()
        idler?.resume()
    }

    /// Waits until no slot is taken or handlers are to be cancelled, or the surrounding task is cancelled; once at a
    /// time.
    func isIdleOrEnding() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.busy > 0, state.phase < .ending, !Task.isCancelled else { return true }
                    state.idler = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.idler.take() }?.resume()
        }
    }

    // MARK: Poll and pause

    /// Runs a poll or a pause in a task of its own, which is cancelled when the worker is to end.
    func run(endingWithGoodNews: Bool = false, _ body: @escaping @Sendable () async -> Void) async {
        // Waited for right below.
        let task = Task(executorPreference: Placement.executor) { await body() }
        let isOver = state.withLock { state in
            guard state.phase == .working else { return true }
            state.current = (task, endingWithGoodNews)
            return false
        }
        if isOver { task.cancel() }
        await task.value
        state.withLock { $0.current = nil }
    }

    /// The server has answered: a pause because it was down is over.
    func serverAnswered() {
        let task = state.withLock { state in
            state.current.flatMap { $0.endsWithGoodNews ? $0.task : nil }
        }
        task?.cancel()
    }

    // MARK: Handlers

    /// Has `cancel` called when handlers are to be cancelled, at once if that is so already; returns a number for
    /// ``forget(_:)``.
    func register(_ cancel: @escaping @Sendable () -> Void) -> Int {
        let (number, isEnding) = state.withLock { state in
            state.nextHandler += 1
            state.handlers[state.nextHandler] = cancel
            return (state.nextHandler, state.phase == .ending)
        }
        if isEnding { cancel() }
        return number
    }

    /// The handler has ended.
    func forget(_ number: Int) {
        state.withLock { _ = $0.handlers.removeValue(forKey: number) }
    }

    /// Waits until handlers are to be cancelled, or the surrounding task is cancelled.
    func ends() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let number = register { continuation.finish() }
        defer { forget(number) }
        for await _ in stream {}
    }

    // MARK: Ending

    /// Fetches nothing more.
    func drain() { advance(to: .draining) }

    /// Cancels all handlers, too.
    func end() { advance(to: .ending) }

    private func advance(to phase: Phase) {
        let (waiter, idler, task, handlers) = state.withLock { state in
            guard state.phase < phase else { return (nil, nil, nil, []) as Consequences }
            state.phase = phase
            let isEnding = phase == .ending
            let handlers = isEnding ? Array(state.handlers.values) : []
            return (state.waiter.take(), isEnding ? state.idler.take() : nil, state.current?.task, handlers)
        }
        waiter?.resume()
        idler?.resume()
        task?.cancel()
        for cancel in handlers { cancel() }
    }

    private typealias Consequences = (
        waiter: CheckedContinuation<Void, Never>?, idler: CheckedContinuation<Void, Never>?,
        task: Task<Void, Never>?, handlers: [@Sendable () -> Void]
    )
}
