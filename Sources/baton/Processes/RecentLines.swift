import Synchronization

/// Reads everything that a child writes and keeps the last lines.
final class RecentLines: Sendable {
    /// How many lines are kept.
    static let limit = 30

    private let lines = Kept()
    private let ending = Announcement<Void>()

    init(of child: ChildProcess) {
        // Runs as long as the child; end() waits for it.
        Task { [lines, ending] in
            for await line in child.lines {
                switch line {
                case .output(let text), .error(let text): lines.append(text)
                }
            }
            ending.announce(())
        }
    }

    /// The last lines, one below the other.
    var text: String { lines.values.joined(separator: "\n") }

    /// Waits until the child has ended and all its lines were read, or the waiting task is cancelled.
    func end() async {
        await ending.value()
    }

    private final class Kept: Sendable {
        private let storage = Mutex([String]())

        var values: [String] { storage.withLock { $0 } }

        func append(_ line: String) {
            storage.withLock { lines in
                lines.append(line)
                if lines.count > RecentLines.limit {
                    lines.removeFirst()
                }
            }
        }
    }
}
