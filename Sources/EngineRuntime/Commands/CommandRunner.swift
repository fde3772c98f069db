import EngineCore
import EngineStore
import FoundationEssentials
import Logging
import Postgres

/// Takes commands, gives each to the lane of its root, and hands back its outcome once it is durable.
final class CommandRunner: Sendable {
    private let lanes: [CommandLane]

    init(lanes count: Int, processor: BatchProcessor) {
        lanes = (0..<max(1, count)).map { _ in CommandLane(processor: processor) }
    }

    /// Runs a command on the tree that the row `target` belongs to.
    ///
    /// - Throws: ``Rejection``; ``Overload`` when it cannot be taken on now; `PostgresError` when the database failed.
    @discardableResult
    func run(_ command: Command, target: UUID) async throws -> CommandOutcome {
        try await submit(.command(command, target: target), kin: IdentifierSource.kin(of: target))
    }

    /// Starts a process instance.
    func start(_ start: CommandJob.Start) async throws -> CommandOutcome {
        try await submit(.start(start), kin: .random(in: .min ... .max))
    }

    private func submit(_ request: CommandJob.Request, kin: UInt16) async throws -> CommandOutcome {
        let lane = lanes[Int(kin) % lanes.count]
        return try await withCheckedThrowingContinuation { continuation in
            lane.submit(
                CommandJob(request: request, seed: .random(in: .min ... .max)) { continuation.resume(with: $0) }
            )
        }
    }

    /// Runs all lanes until they are drained.
    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in lanes { group.addTask { await lane.run() } }
        }
    }

    /// Refuses the commands that came before a moment and have not got into a batch.
    func shed(arrivedBefore moment: ContinuousClock.Instant) {
        for lane in lanes { lane.shed(arrivedBefore: moment) }
    }

    /// Takes no more commands; ``run()-()`` returns when those that wait are done.
    func drain() {
        for lane in lanes { lane.drain() }
    }
}
