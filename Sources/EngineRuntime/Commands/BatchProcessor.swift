import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Logging
import Postgres

/// Loads what a batch of commands concerns, decides each, and writes what was decided, all in one transaction.
///
/// A command that is rejected concerns its caller only; the others of the batch go on. A batch that the database refuses
/// for its content is run again one command at a time, so that one poison command hurts nobody else.
struct BatchProcessor: Sendable {
    var pool: Pool
    var definitions: DefinitionCache
    var historyLevel: HistoryLevel
    var measures: EngineMeasures
    var logger: Logger
    /// Told after each commit where work appeared.
    var workAppeared: @Sendable ([TopicWork]) -> Void
    /// Gives signals that a command threw to all who wait for them; the caller is answered when it says so.
    var signalsThrown: @Sendable ([SignalID], _ done: @escaping @Sendable () -> Void) -> Void

    /// How often a batch is tried when it collided with other work and is known to be undone.
    static let maximumAttempts = 4
    /// How long callers wait at most before a batch that cannot be run is given up.
    static let patience = Duration.seconds(10)
    /// How often it is asked what became of a commit whose connection died.
    static let maximumInquiries = 5

    /// Runs the commands and answers them; returns those whose root another node holds.
    ///
    /// `decided` is called once: when only writing is left of the first attempt, or when it did not come to that.
    func process(
        _ jobs: [CommandJob],
        waitsForLocks: Bool,
        decided: @escaping @Sendable () -> Void = {}
    ) async -> [CommandJob] {
        let began = ContinuousClock.now
        let deadline = began + Self.patience
        let decided = Once(decided)
        for attempt in 1...Self.maximumAttempts {
            do {
                return finish(try await run(jobs, waitsForLocks: waitsForLocks, decided: decided), jobs, since: began)
            } catch {
                decided.call()
                switch await verdict(
                    on: error,
                    jobs,
                    isLastAttempt: attempt == Self.maximumAttempts || ContinuousClock.now > deadline
                ) {
                case .again: continue
                case .committed(let batch): return finish(batch, jobs, since: began)
                case .oneByOne:
                    var skipped: [CommandJob] = []
                    for job in jobs { skipped += await process([job], waitsForLocks: waitsForLocks) }
                    return skipped
                case .failed(let failure):
                    for job in jobs { job.answer(.failure(failure)) }
                    return []
                }
            }
        }
        preconditionFailure("the last attempt ends in an answer")
    }

    private func run(_ jobs: [CommandJob], waitsForLocks: Bool, decided begins: Once) async throws -> DecidedBatch {
        try await pool.withSession { session in
            var batch = LoadedBatch(jobs: jobs, definitions: definitions)
            try await batch.load(from: session, waitsForLocks: waitsForLocks)
            var decided = try await batch.decide(loadingFrom: session)
            decided.transaction = batch.transaction
            begins.call()
            try await write(decided, to: session)
            return decided
        }
    }

    private func write(_ decided: DecidedBatch, to session: Session) async throws {
        let changes = ChangeSet(decided.events, history: historyLevel)
        var pipeline = Pipeline(named: "WriteBatch")
        if changes.isEmpty {
            pipeline.rollback()
        } else {
            pipeline.write(changes, history: historyLevel, decided.definitionFacts)
            pipeline.commit()
        }
        do {
            _ = try await session.execute(pipeline)
        } catch {
            throw error.effect == .undone ? error : CommitInDoubt(batch: decided, cause: error)
        }
    }

    /// Answers every command that was decided; returns those that were skipped.
    private func finish(
        _ batch: DecidedBatch,
        _ jobs: [CommandJob],
        since began: ContinuousClock.Instant
    ) -> [CommandJob] {
        measures.finished(batch, elapsed: ContinuousClock.now - began)
        let work = batch.topicWork
        if !work.isEmpty { workAppeared(work) }
        var skipped: [CommandJob] = []
        for (job, outcome) in zip(jobs, batch.outcomes) {
            switch outcome {
            case .done(let outcome) where !outcome.thrownSignals.isEmpty:
                signalsThrown(outcome.thrownSignals) { job.answer(.success(outcome)) }
            case .done(let outcome): job.answer(.success(outcome))
            case .rejected(let rejection): job.answer(.failure(rejection))
            case .failed(let failure): job.answer(.failure(failure))
            case .skipped: skipped.append(job)
            }
        }
        return skipped
    }
}

/// A commit whose connection died before the answer came.
private struct CommitInDoubt: Error {
    var batch: DecidedBatch
    var cause: PostgresError
}

// MARK: When it fails

extension BatchProcessor {
    private enum Verdict {
        /// Known to be undone, and worth another try.
        case again
        case committed(DecidedBatch)
        /// One of the commands is poison.
        case oneByOne
        case failed(any Error)
    }

    private func verdict(on error: any Error, _ jobs: [CommandJob], isLastAttempt: Bool) async -> Verdict {
        if let doubt = error as? CommitInDoubt { return await resolve(doubt, isLastAttempt: isLastAttempt) }
        guard let error = error as? PostgresError else { return jobs.count > 1 ? .oneByOne : .failed(error) }
        if error.isRetryable || error.isConnectionLoss || error.sqlState == .lockNotAvailable {
            logger.debug("Batch is run again", metadata: ["error": "\(error)", "commands": "\(jobs.count)"])
            return isLastAttempt ? .failed(error) : .again
        }
        // What lacks is no matter of the content: one by one, they would all be refused.
        guard let state = error.sqlState, !state.isShortage, jobs.count > 1 else { return .failed(error) }
        logger.debug("Batch is run one by one", metadata: ["error": "\(error)", "commands": "\(jobs.count)"])
        return .oneByOne
    }

    /// Asks the database what became of the transaction.
    ///
    /// Only a batch that is known to be undone is repeated: a start that is repeated blindly makes two instances. When
    /// the database has crashed meanwhile, it can often not tell.
    private func resolve(_ doubt: CommitInDoubt, isLastAttempt: Bool) async -> Verdict {
        logger.warning("Commit in doubt", metadata: ["error": "\(doubt.cause)"])
        let transaction = TransactionID(rawValue: doubt.batch.transaction)
        let moment = PostgresTimestamp(milliseconds: doubt.batch.moment.millisecondsSinceEpoch)
        for inquiry in 1...Self.maximumInquiries {
            switch try? await pool.status(of: transaction, openAt: moment) {
            case .committed: return .committed(doubt.batch)
            case .aborted: return isLastAttempt ? .failed(doubt.cause) : .again
            case .inProgress, nil: try? await Task.sleep(for: .milliseconds(50 * inquiry * inquiry))
            }
        }
        return .failed(Overload.outcomeUnknown)
    }
}
