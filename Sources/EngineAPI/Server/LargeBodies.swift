import EngineRuntime
import Synchronization

/// Bounds the memory that large request bodies take together.
///
/// Each body has a bound of its own, but many clients can send one at the same time. Whoever comes with a large one
/// waits, before any of it is read, until there is room; small ones, which are nearly all, are not counted.
final class LargeBodies: Sendable {
    /// The largest body that is not counted, in bytes.
    static let threshold = HotRoutes.maximumBodySize

    private let patience: Duration
    private let state: Mutex<State>

    private struct State {
        var room: Room
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var lastNumber = 0
    }

    /// - Parameters:
    ///   - capacity: The bytes that large bodies may have together; a larger one has the room for itself.
    ///   - patience: How long one may wait for room.
    init(capacity: Int, patience: Duration) {
        self.patience = patience
        state = Mutex(State(room: Room(capacity: capacity)))
    }

    /// Does something for which a body of at most that many bytes is read.
    ///
    /// - Throws: ``Overload`` when there was no room in time; `CancellationError`; what `action` throws.
    func holding<Result: Sendable>(
        _ bytes: Int,
        _ action: @Sendable () async throws -> Result
    ) async throws -> Result {
        guard bytes > Self.threshold else { return try await action() }
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await enter(number, bytes)
        defer { leave(number) }
        return try await action()
    }

    private func enter(_ number: Int, _ bytes: Int) async throws {
        guard !state.withLock({ $0.room.enter(number, bytes: bytes) }) else { return }
        let isIn = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(number) }
            group.addTask {
                try? await Task.sleep(for: self.patience)
                return false
            }
            var isIn = false
            for await result in group {
                isIn = isIn || result
                group.cancelAll()
            }
            return isIn
        }
        guard !isIn else { return }
        leave(number)
        try Task.checkCancellation()
        throw Overload.tooManyCommands
    }

    /// - Returns: Whether there is room now; false when the task was cancelled before.
    private func wait(_ number: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    guard !state.room.isIn(number) else { return true }
                    guard !Task.isCancelled else { return false }
                    state.waiting[number] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
        }
    }

    /// Makes room, or ends the waiting for it.
    private func leave(_ number: Int) {
        let admitted = state.withLock { state in
            state.room.leave(number).compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in admitted { continuation.resume(returning: true) }
    }
}

extension LargeBodies {
    /// Who is in, and who waits, first come, first served.
    struct Room {
        private let capacity: Int
        private var used = 0
        private var bytesInside: [Int: Int] = [:]
        private var queue: [(number: Int, bytes: Int)] = []

        init(capacity: Int) { self.capacity = capacity }

        /// - Returns: Whether there is room at once; otherwise whoever comes waits in line.
        mutating func enter(_ number: Int, bytes: Int) -> Bool {
            queue.append((number, min(bytes, capacity)))
            return !admit().isEmpty
        }

        func isIn(_ number: Int) -> Bool { bytesInside[number] != nil }

        /// - Returns: Those for whom there is room now.
        mutating func leave(_ number: Int) -> [Int] {
            used -= bytesInside.removeValue(forKey: number) ?? 0
            queue.removeAll { $0.number == number }
            return admit()
        }

        private mutating func admit() -> [Int] {
            var admitted: [Int] = []
            while let first = queue.first, used + first.bytes <= capacity {
                used += first.bytes
                bytesInside[first.number] = first.bytes
                admitted.append(first.number)
                queue.removeFirst()
            }
            return admitted
        }
    }
}
