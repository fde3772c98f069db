import EngineCore
import EngineStore
import Logging
import Postgres
import Synchronization

/// Goes on with whatever batches there are, in the background, together with the other nodes.
///
/// Each batch gets one chunk after the other in turn. With nothing to do, it sleeps until somebody tells of work, and
/// looks every few seconds for what nobody lived to tell.
final class BulkRunner: Sendable {
    /// How long to sleep at most.
    struct Pace: Sendable {
        /// When there is nothing to do.
        var whenIdle = Duration.seconds(5)
        /// When all there is is held by other nodes, or could not be done now.
        var whenStuck = Duration.milliseconds(500)
    }

    private let pace: Pace
    private let alarm = Alarm()
    private let isStopped = Mutex(false)

    /// The most batches that are gone on with at a time.
    private static let maximumBatches: Int64 = 100

    /// Does nothing before ``run(_:)``.
    init(pace: Pace = Pace()) { self.pace = pace }

    /// There is work, or may be; returns at once.
    func wake() { alarm.ring() }

    /// Begins nothing more; what is under way is finished and recorded.
    func stop() {
        isStopped.withLock { $0 = true }
        alarm.ring()
    }

    /// Works until it is stopped or the task is cancelled.
    func run(_ work: BulkWork) async {
        var positions: [BatchID: Int32] = [:]
        var patience = pace.whenStuck
        while !isOver {
            do {
                let rest = try await turn(work, &positions)
                patience = pace.whenStuck
                if let rest { await alarm.wait(until: .now + rest) }
            } catch {
                guard !isOver else { return }
                work.logger.warning("Batches cannot be gone on with now", metadata: ["error": "\(error)"])
                await alarm.wait(until: .now + patience)
                patience = min(patience * 2, pace.whenIdle)
            }
        }
    }

    private var isOver: Bool { isStopped.withLock { $0 } || Task.isCancelled }

    /// One chunk of every batch.
    ///
    /// - Returns: How long to rest before the next turn; nil when there is more to do at once.
    private func turn(_ work: BulkWork, _ positions: inout [BatchID: Int32]) async throws -> Duration? {
        let batches = try await work.pool.run(FindOpenBulks(limit: Self.maximumBatches))
        guard !batches.isEmpty else {
            positions = [:]
            return pace.whenIdle * Double.random(in: 0.8...1.2)
        }
        positions = positions.filter { batches.contains($0.key) }
        var isStuck = true
        for batch in batches where !isOver {
            let position = positions[batch] ?? BulkWork.Progress.beginning
            let progress = try await advance(work, batch, after: position)
            positions[batch] = progress.next
            let isAtEnd = progress.held == 0 && position == BulkWork.Progress.beginning
            if !isAtEnd, progress.held == 0 || progress.postponed < progress.held { isStuck = false }
        }
        return isStuck ? pace.whenStuck : nil
    }

    /// In a task of its own, waited for here: what was done is recorded, even when this one is cancelled meanwhile.
    private func advance(
        _ work: BulkWork,
        _ batch: BatchID,
        after position: Int32
    ) async throws -> BulkWork.Progress {
        try await Task { try await work.advance(batch, after: position) }.value
    }
}
