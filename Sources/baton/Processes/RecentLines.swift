import Synchronization

/// Reads everything that a child writes and keeps the last lines.
final class RecentLines: Sendable {
    /// How many lines are kept.
    static let limit = 30

    private let lines: Kept
    /// Runs as long as the child; ``end()`` waits for it.
    private let reading: Task<Void, Never>

    init(of child: ChildProcess) {
        let lines = Kept()
        self.lines = lines
        self.reading = Task {
            for await line in child.lines {
                switch line {
                case .output(let text), .error(let text): lines.append(text)
                }
            }
        }
    }

    /// The last lines, one below the other.
    var text: String { lines.values.joined(separator: "\n") }

    /// Waits until the child has ended and all its lines were read.
    func end() async {
        await reading.value
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
