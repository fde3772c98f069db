import EngineCore
import EngineStore
import Logging
import Postgres
import Synchronization

/// Gives the signals that processes have thrown to those who wait in other trees.
///
/// What was thrown stands in the database from the commit of the thrower on, and goes when all have had it: if the node
/// dies in between, another one finds it. Whoever gets a signal gets it in a transaction of its own, as from outside.
final class SignalDelivery: Sendable {
    /// How often a node looks for signals of nodes that are gone.
    static let sweepInterval = Duration.seconds(30)
    /// The most signals of other nodes that it takes at a time.
    static let sweepLimit = 100
    /// How often a signal is tried for those who fail with what may pass.
    ///
    /// A node that cannot reach the database does not try.
    static let maximumAttempts = 20
    /// How long the caller whose command threw signals waits for all to have them.
    static let patience = Duration.seconds(5)

    private struct Target {
        weak var engine: Engine?
    }

    private let target = Mutex(Target())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Says whose commands deliver.
    func attach(_ engine: Engine) { target.withLock { $0.engine = engine } }

    /// Gives durable signals to all; calls `done` when they have them, or when the caller has waited long enough.
    func deliver(_ signals: [SignalID], done: @escaping @Sendable () -> Void) {
        // Only `done` waits for the task. It ends with the time-outs of its commands, and what is left is durable.
        Task {
            await withDiscardingTaskGroup { group in
                let told = Once(done)
                group.addTask {
                    if (try? await Task.sleep(for: Self.patience)) != nil { told.call() }
                }
                await give { try await $0.pool.run(ReadThrownSignals(signals)) }
                told.call()
                group.cancelAll()
            }
        }
    }

    /// Looks for signals of nodes that are gone, until it is cancelled.
    func sweepRegularly() async {
        while (try? await Task.sleep(for: Self.sweepInterval)) != nil { await sweep() }
    }

    /// Takes signals whose node has not given them to all in time.
    func sweep() async {
        await give { try await $0.pool.run(ClaimThrownSignals(limit: Self.sweepLimit)) }
    }

    /// What cannot be read now is left to the next sweep of whatever node.
    private func give(_ read: (Engine) async throws -> [PendingSignal]) async {
        guard let engine = target.withLock({ $0.engine }) else { return }
        do {
            for signal in try await read(engine) { await give(signal, by: engine) }
        } catch {
            logger.warning("Signals could not be given to all yet", metadata: ["error": "\(error)"])
        }
    }

    /// Gives one signal; what may pass is left to a sweep after the end of the lease, ``maximumAttempts`` times in all.
    private func give(_ signal: PendingSignal, by engine: Engine) async {
        do {
            var lease = try await Self.renew(signal, lease: signal.lease, beginsAttempt: true, by: engine)
            let failure: (passing: (any Error)?, first: (any Error)?)
            do {
                failure = try await engine.broadcast(signal) {
                    lease = try await Self.renew(signal, lease: lease, beginsAttempt: false, by: engine)
                }
            } catch let lost as LostLease {
                throw lost
            } catch {
                failure = (error, error)
            }
            if let passing = failure.passing, signal.attempts + 1 < Self.maximumAttempts {
                log("A signal could not be given to all yet", signal, passing, failure.first)
                return
            }
            if let passing = failure.passing {
                log(
                    "A signal is given up: it could not be given to all who waited for it",
                    signal,
                    passing,
                    failure.first
                )
            } else if let first = failure.first {
                log("A signal could not be taken by all who waited for it", signal, first)
            }
            try await engine.pool.run(DeleteThrownSignals([signal.id]))
        } catch is LostLease {
            logger.debug("A signal is given by another node", metadata: ["signal": "\(signal.id)"])
        } catch {
            log("A signal could not be given to all yet", signal, error)
        }
    }

    private struct LostLease: Error {}

    private static func renew(
        _ signal: PendingSignal,
        lease: PostgresTimestamp,
        beginsAttempt: Bool,
        by engine: Engine
    ) async throws -> PostgresTimestamp {
        let renewal = RenewThrownSignal(signal.id, lease: lease, beginsAttempt: beginsAttempt)
        guard let lease = try await engine.pool.run(renewal).first else { throw LostLease() }
        return lease
    }

    private func log(
        _ message: Logger.Message,
        _ signal: PendingSignal,
        _ error: any Error,
        _ first: (any Error)? = nil
    ) {
        var metadata: Logger.Metadata = ["signal": "\(signal.id)", "name": "\(signal.name)", "error": "\(error)"]
        if let first { metadata["firstError"] = "\(first)" }
        logger.warning(message, metadata: metadata)
    }
}
