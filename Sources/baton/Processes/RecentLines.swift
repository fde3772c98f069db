import Synchronization

/// Keeps the last lines of a text that grows.
final class RecentLines: Sendable {
    /// How many lines are kept.
    static let limit = 30

    private let lines = Mutex([String]())

    /// The last lines, one below the other.
    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func append(_ line: String) {
        lines.withLock { lines in
            lines.append(line)
            if lines.count > Self.limit {
                lines.removeFirst()
            }
        }
    }
}
