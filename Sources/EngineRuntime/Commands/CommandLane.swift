import Synchronization

/// Runs the commands of some roots, one batch after the other: those that arrive while a batch is in flight form the
/// next one, so an idle lane adds no delay and a busy one shares commits.
final class CommandLane: Sendable {
    private let queue = Mutex(CommandQueue())
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let processor: BatchProcessor

    init(processor: BatchProcessor) {
        self.processor = processor
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func submit(_ job: CommandJob) {
        switch queue.withLock({ $0.submit(job) }) {
        case .admitted: wakeUp.yield()
        case .refusedFull: job.answer(.failure(Overload.tooManyCommands))
        case .refusedDraining: job.answer(.failure(Overload.shuttingDown))
        }
    }

    /// Runs until the lane is drained.
    func run() async {
        var wakeUps = wakeUps.makeAsyncIterator()
        while true {
            switch queue.withLock({ $0.next() }) {
            case .run(let jobs, let waitsForLocks):
                let skipped = await processor.process(jobs, waitsForLocks: waitsForLocks)
                if !skipped.isEmpty { queue.withLock { $0.putBack(skipped) } }
            case .sleep:
                // The end of the stream: the task is cancelled.
                if await wakeUps.next(isolation: nil) == nil { queue.withLock { $0.drain() } }
            case .stop: return
            }
        }
    }

    /// Refuses the commands that came before a moment and have not got into a batch.
    func shed(arrivedBefore moment: ContinuousClock.Instant) {
        for job in queue.withLock({ $0.expire(arrivedBefore: moment) }) { job.answer(.failure(Overload.waitedTooLong)) }
    }

    /// Takes no more commands; ``run()`` returns when those that wait are done.
    func drain() {
        queue.withLock { $0.drain() }
        wakeUp.yield()
    }
}

/// Why the engine does not take on work now; trying again later, or at another node, helps.
package enum Overload: Error, Sendable, Hashable, CustomStringConvertible {
    case tooManyCommands
    case shuttingDown
    /// The work was not begun in time: the database is slow or does not answer.
    case waitedTooLong
    /// Whether the command was done cannot be found out now.
    case outcomeUnknown

    package var description: String {
        switch self {
        case .tooManyCommands: "The server has too many commands to handle at the moment. Please try again later."
        case .shuttingDown: "The server is shutting down. Please try again at another node."
        case .waitedTooLong: "The database is too slow at the moment. Nothing was done. Please try again later."
        case .outcomeUnknown: "The connection to the database was lost. Whether the command was done is not known."
        }
    }
}
