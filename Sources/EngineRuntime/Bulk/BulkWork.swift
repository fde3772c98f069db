import EngineCore
import EngineStore
import Logging
import Postgres

/// Carries out jobs of batches: holds some, does what they say, and records all of it in one transaction.
///
/// A job is held by a row lock for as long as its operation takes. Whatever happens to the node, its transaction ends,
/// and others take what was not recorded: nothing waits for a lease, nothing is counted twice.
struct BulkWork: Sendable {
    /// Sessions of their own: whoever holds jobs waits for the lanes.
    let pool: Pool
    let isHistoryKept: Bool
    let logger: Logger
    let perform: @Sendable (BulkOperation, _ target: String) async throws -> Void

    /// The most jobs that are held, and carried out, at a time.
    static let chunk: Int64 = 100

    /// What became of an operation.
    enum Outcome: Sendable {
        case done
        case failed(String)
        /// It was not its fault: it is done again later.
        case postponed
    }

    /// What a chunk of a batch came to.
    struct Progress: Sendable {
        /// Jobs that were held.
        var held = 0
        /// Jobs among them that have to be done again because the engine was too busy, or the database failed.
        var postponed = 0
        /// Where the next chunk begins.
        var next: Int32 = Self.beginning

        /// Before the seed.
        static let beginning: Int32 = -1
    }

    /// Carries out the next jobs of a batch after a position, and ends the batch if they were the last.
    func advance(_ batch: BatchID, after position: Int32) async throws -> Progress {
        try await pool.run(StartBulk(batch))
        let progress = try await pool.withSession { session in
            try await session.transaction { transaction in
                let jobs = try await transaction.run(
                    ClaimBulkJobs(batch: batch, after: position, limit: Self.chunk)
                )
                let outcomes = try await carryOut(jobs, in: transaction, seeds: .max)
                let isEnd = jobs.count < Self.chunk || jobs.contains { $0.kind == .seed }
                return Progress(
                    held: jobs.count,
                    postponed: outcomes.values.count { if case .postponed = $0 { true } else { false } },
                    next: isEnd ? Progress.beginning : jobs.last?.position ?? Progress.beginning
                )
            }
        }
        if progress.next == Progress.beginning { try await pool.run(CompleteBulk(batch)) }
        return progress
    }

    /// Carries out one job that somebody asks for, suspended or not, attempts left or not.
    ///
    /// - Returns: What became of it; nil when there is no such job.
    func execute(_ id: JobID) async throws -> Outcome? {
        let found = try await pool.withSession { session -> (BulkJob, Outcome)? in
            try await session.transaction { transaction in
                guard let job = try await transaction.run(LockJob(id)).first else { return nil }
                let outcomes = try await carryOut([job], in: transaction, seeds: BulkCreation.jobsPerSeed)
                return (job, outcomes[job.id] ?? .done)
            }
        }
        guard let (job, outcome) = found else { return nil }
        switch job.kind {
        case .seed: break
        case .operation: try await pool.run(StartBulk(job.batch))
        case .monitor: try await pool.run(CompleteBulk(job.batch))
        }
        return outcome
    }

    /// Does what the jobs say, and records it; the transaction holds them.
    ///
    /// - Returns: What became of the operations among them.
    private func carryOut(
        _ jobs: [BulkJob],
        in transaction: Transaction,
        seeds: Int32
    ) async throws -> [JobID: Outcome] {
        let outcomes = await outcomes(of: jobs.filter { $0.kind == .operation })
        var pipeline = Pipeline()
        for job in jobs where job.kind == .seed { pipeline.add(SeedBulk(job: job.id, limit: seeds)) }
        var done: [BulkJob] = []
        var failures: [FailBulkJobs.Failure] = []
        for job in jobs {
            switch outcomes[job.id] {
            case .done: done.append(job)
            case .failed(let message): failures.append(FailBulkJobs.Failure(job.id, message))
            case .postponed, nil: continue
            }
        }
        if !done.isEmpty { pipeline.add(DeleteBulkJobs(done.map(\.id))) }
        let revived = done.filter { $0.retries == 0 }.map(\.id)
        if !revived.isEmpty {
            pipeline.add(CloseJobIncidents(of: revived, isResolved: true, isHistoryKept: isHistoryKept))
        }
        if !failures.isEmpty {
            pipeline.add(FailBulkJobs(failures))
            pipeline.add(OpenJobIncidents(of: failures.map(\.job)))
        }
        try await transaction.commit(after: pipeline)
        return outcomes
    }

    private func outcomes(of jobs: [BulkJob]) async -> [JobID: Outcome] {
        await withTaskGroup(of: (JobID, Outcome).self) { group in
            for job in jobs { group.addTask { (job.id, await outcome(of: job)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func outcome(of job: BulkJob) async -> Outcome {
        guard let operation = BulkOperation(type: job.type, configuration: job.configuration) else {
            // Nodes of a later version can do it.
            return .postponed
        }
        do {
            try await perform(operation, job.target ?? "")
            return .done
        } catch let failure as BulkFailure {
            return .failed(failure.description)
        } catch let error as PostgresError where error.isRefusedForGood {
            return .failed(error.description)
        } catch {
            logger.debug("A job of a batch is done again later", metadata: ["job": "\(job.id)", "error": "\(error)"])
            return .postponed
        }
    }
}
