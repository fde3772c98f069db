import Dispatch

/// Does slow computations away from everything else, a few at a time, so that a flood of wrong passwords neither stops
/// the node nor takes all of its processors and memory.
struct SlowWork: Sendable {
    /// How many computations may wait for their turn.
    static let maximumWaiting = 256

    private let turns: Turns<Int>
    private let queue = DispatchQueue(label: "baton.passwords", qos: .utility, attributes: .concurrent)

    /// `width`: How many computations run at a time, at least 1.
    init(width: Int) { turns = Turns(width: width, maximumWaiting: Self.maximumWaiting) }

    /// Computes something as soon as there is room.
    ///
    /// - Throws: ``TooManyChecks`` when too many wait.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws -> Value {
        try await turns.take(0) {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: work()) }
            }
        }
    }
}
