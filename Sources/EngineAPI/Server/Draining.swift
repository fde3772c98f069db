import Synchronization

/// Whether a node is about to end: it still answers everything, each time for the last time on that connection.
final class Draining: Sendable {
    private let flag = Atomic(false)

    var hasBegun: Bool { flag.load(ordering: .relaxed) }

    func begin() { flag.store(true, ordering: .relaxed) }
}
