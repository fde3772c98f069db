import EngineCore
import EngineStore
import FoundationEssentials
import Postgres
import Synchronization

/// Takes commands, runs them in batches on a few lanes, and hands back the outcome of each once it is durable.
final class CommandRunner: Sendable {
    private struct State {
        var queue: CommandQueue
        /// Lanes with nothing to do.
        var sleepers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let lanes: Int
    private let processor: BatchProcessor

    /// `lanes`: Batches that may be under way at a time, each with a session of its own, at least 1.
    init(lanes: Int, processor: BatchProcessor) {
        self.lanes = max(1, lanes)
        state = Mutex(State(queue: CommandQueue(lanes: lanes)))
        self.processor = processor
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
        try await withCheckedThrowingContinuation { continuation in
            submit(
                CommandJob(request: request, kin: kin, seed: .random(in: .min ... .max)) {
                    continuation.resume(with: $0)
                }
            )
        }
    }

    /// Takes a command on; whoever waits for its outcome stands in it.
    func submit(_ job: CommandJob) {
        switch change({ $0.submit(job) }, isReady: \.isReadyForLast) {
        case .admitted: break
        case .refusedFull: job.answer(.failure(Overload.tooManyCommands))
        case .refusedDraining: job.answer(.failure(Overload.shuttingDown))
        }
    }

    /// Refuses the commands that came before a moment and have not got into a batch.
    func shed(arrivedBefore moment: ContinuousClock.Instant) {
        for job in change({ $0.expire(arrivedBefore: moment) }) { job.answer(.failure(Overload.waitedTooLong)) }
    }

    /// Commands that wait for a batch.
    var waiting: Int { state.withLock { $0.queue.waiting } }

    /// Takes no more commands; ``run()-()`` returns when those that wait are done.
    func drain() { change { $0.drain() } }

    /// Changes the queue, and wakes a lane if there is something to do for it.
    private func change<Result>(
        _ body: (inout CommandQueue) -> Result,
        isReady: (CommandQueue) -> Bool = \.isReady
    ) -> Result {
        let (result, sleeper) = state.withLock { state -> (Result, CheckedContinuation<Void, Never>?) in
            let result = body(&state.queue)
            guard !state.sleepers.isEmpty, isReady(state.queue) else { return (result, nil) }
            return (result, state.sleepers.popLast())
        }
        sleeper?.resume()
        return result
    }
}

// MARK: Lanes

extension CommandRunner {
    /// Runs all lanes until they are drained.
    func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for _ in 0..<lanes { group.addTask { await self.work() } }
            }
        } onCancel: {
            drain()
        }
    }

    /// One lane: runs one batch after the other.
    private func work() async {
        while true {
            switch change({ $0.next() }) {
            case .run(let batch):
                let skipped = await processor.process(batch.jobs, waitsForLocks: batch.waitsForLocks) {
                    if !batch.waitsForLocks { self.change { $0.loaded() } }
                }
                change { $0.ended(batch, skipped: skipped) }
            case .sleep: await sleep()
            case .stop: return wakeAll()
            }
        }
    }

    private func sleep() async {
        await withCheckedContinuation { continuation in
            let isAwake = state.withLock { state in
                if !state.queue.isReady { state.sleepers.append(continuation) }
                return state.queue.isReady
            }
            if isAwake { continuation.resume() }
        }
    }

    private func wakeAll() {
        let sleepers = state.withLock { state in
            defer { state.sleepers = [] }
            return state.sleepers
        }
        for sleeper in sleepers { sleeper.resume() }
    }
}
