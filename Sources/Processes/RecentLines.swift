import Synchronization

/// Keeps the last lines of a text that grows.
package final class RecentLines: Sendable {
    /// How many lines are kept.
    package static let limit = 30

    private let lines = Mutex([String]())

    package init() {}

    /// The last lines, one below the other.
    package var text: String { lines.withLock { $0.joined(separator: "\n") } }

    package func append(_ line: String) {
        lines.withLock { lines in
            lines.append(line)
            if lines.count > Self.limit {
                lines.removeFirst()
            }
        }
    }
}
