import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        var id: Int
        var end: Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var nextID = 0
        var observers: [Observer] = []
    }

    private struct Observer {
        var id: Int
        var isWanted: @Sendable ([Duration]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = nextID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let immediate: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    guard deadline > state.now else { return .success(()) }
                    state.sleepers.append(Sleeper(id: id, end: deadline, continuation: continuation))
                    return nil
                }
                if let immediate { continuation.resume(with: immediate) }
                tellObservers()
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
            tellObservers()
        }
    }

    /// Waits until somebody sleeps for exactly this long from now on.
    func sleeps(for duration: Duration) async {
        await sleepers { $0.contains(duration) }
    }

    /// Waits until nobody sleeps for exactly this long any more.
    func noLongerSleeps(for duration: Duration) async {
        await sleepers { !$0.contains(duration) }
    }

    /// Waits until those who sleep, by what is left for each, are as wanted, or the caller is cancelled.
    func sleepers(are isWanted: @escaping @Sendable ([Duration]) -> Bool) async {
        let id = nextID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard state.cancelled.remove(id) == nil else { return true }
                    state.observers.append(Observer(id: id, isWanted: isWanted, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume() }
                tellObservers()
            }
        } onCancel: {
            let observer = state.withLock { state -> Observer? in
                guard let index = state.observers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.observers.remove(at: index)
            }
            observer?.continuation.resume()
        }
    }

    /// Moves on, and wakes whoever has slept long enough.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.end <= state.now }
            state.sleepers.removeAll { $0.end <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
        tellObservers()
    }

    private func tellObservers() {
        let satisfied = state.withLock { state in
            let rests = state.sleepers.map { state.now.duration(to: $0.end) }
            // Each is asked once: who is told must be who is removed.
            let wanted = state.observers.map { $0.isWanted(rests) }
            let satisfied = zip(state.observers, wanted).filter(\.1).map(\.0)
            state.observers = zip(state.observers, wanted).filter { !$1 }.map(\.0)
            return satisfied
        }
        for observer in satisfied { observer.continuation.resume() }
    }

    private func nextID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }
}
