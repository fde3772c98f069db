import EngineCore
package import EngineStore
package import Expressions
import Postgres

// Batches: operations on many things that nodes carry out in the background, one job for each.

extension Engine {
    /// Makes a batch that does an operation to every task of a selection; returns before any of it is done.
    ///
    /// - Returns: The batch; nil when the selection is empty, and nothing was made.
    package func createBatch(
        _ operation: BulkOperation,
        on targets: ExternalTaskSelection,
        userID: String? = nil
    ) async throws -> BulkView? {
        let creation = BulkCreation(
            type: operation.type,
            configuration: operation.configuration,
            targets: adjusted(targets),
            userID: userID,
            isHistoryKept: configuration.historyLevel >= .full
        )
        let batch = try await pool.run(creation.query, rows: BulkQuery.rows).first
        if batch != nil { batchesAppeared() }
        return batch
    }

    /// The tasks of a selection that could be any: those that it names and all that its queries find.
    package func selectedTasks(_ selection: ExternalTaskSelection) async throws -> [SelectedTask] {
        try await pool.run(adjusted(selection).query, rows: ExternalTaskSelection.rows)
    }

    private func adjusted(_ selection: ExternalTaskSelection) -> ExternalTaskSelection {
        var selection = selection
        if configuration.historyLevel < .activity { selection.historicQuery?.includesRunning = false }
        return selection
    }

    /// Stops a batch, or lets it go on, with all its jobs.
    ///
    /// What is under way is finished.
    /// - Returns: Whether there is such a batch.
    package func suspendBatch(_ id: String, isSuspended: Bool) async throws -> Bool {
        guard let batch = BatchID(id) else { return false }
        let exists = try await !pool.run(SuspendBulk(batch, isSuspended: isSuspended)).isEmpty
        if exists, !isSuspended { batchesAppeared() }
        return exists
    }

    /// Takes a batch away with all its jobs; what is under way is finished, what was done stays done.
    ///
    /// `cascade`: Whether its history goes, too; otherwise history says that it ended.
    /// - Returns: Whether there was such a batch.
    package func deleteBatch(_ id: String, cascade: Bool) async throws -> Bool {
        guard let batch = BatchID(id) else { return false }
        let isHistoryKept = configuration.historyLevel >= .full
        return try await pool.transaction { transaction in
            guard try await !transaction.run(LockBulk(batch)).isEmpty else { return false }
            try await transaction.run(LockJobsOfBulk(batch))
            let failed = try await transaction.run(FindFailedJobs(of: batch))
            var pipeline = Pipeline()
            if !failed.isEmpty {
                pipeline.add(CloseJobIncidents(of: failed, isResolved: false, isHistoryKept: isHistoryKept))
            }
            pipeline.add(DeleteBulk(batch))
            if cascade { pipeline.add(DeleteHistoricBulk(batch)) }
            try await transaction.commit(after: pipeline)
            return true
        }
    }

    /// Deletes the history of a batch.
    ///
    /// - Returns: Whether there was some.
    package func deleteHistoricBatch(_ id: String) async throws -> Bool {
        guard let batch = BatchID(id) else { return false }
        return try await !pool.run(DeleteHistoricBulk(batch)).isEmpty
    }

    /// Batches that are not done.
    package func batches(_ query: BulkQuery) async throws -> [BulkView] { try await list(query) }

    /// How many batches are not done and satisfy the conditions.
    package func batchCount(_ query: BulkQuery) async throws -> Int { try await count(query) }

    /// Batches that are not done, and how far they are.
    package func batchStatistics(_ query: BulkStatisticsQuery) async throws -> [BulkStatisticsView] {
        try await list(query)
    }

    /// How many batches are not done and satisfy the conditions.
    package func batchStatisticsCount(_ query: BulkStatisticsQuery) async throws -> Int { try await count(query) }

    /// Batches, done or not.
    package func historicBatches(_ query: HistoricBulkQuery) async throws -> [HistoricBulkView] {
        try await list(query)
    }

    /// How many batches, done or not, satisfy the conditions.
    package func historicBatchCount(_ query: HistoricBulkQuery) async throws -> Int { try await count(query) }
}

// MARK: Jobs

/// What became of a job that was carried out on demand.
package enum JobOutcome: Sendable, Hashable {
    case done
    /// It has one attempt less.
    case failed(String)
}

extension Engine {
    /// Jobs.
    package func jobs(_ query: JobQuery) async throws -> [JobView] { try await list(query) }

    /// How many jobs satisfy the conditions.
    package func jobCount(_ query: JobQuery) async throws -> Int { try await count(query) }

    /// Job definitions.
    package func jobDefinitions(_ query: JobDefinitionQuery) async throws -> [JobDefinitionView] {
        try await list(query)
    }

    /// How many job definitions satisfy the conditions.
    package func jobDefinitionCount(_ query: JobDefinitionQuery) async throws -> Int { try await count(query) }

    /// Carries out a job now, suspended or not, due or not, attempts left or not.
    ///
    /// - Returns: What became of it; nil when there is no such job.
    /// - Throws: ``Overload`` when it cannot be done now; nothing is recorded then.
    package func executeJob(_ id: String) async throws -> JobOutcome? {
        guard let job = JobID(id), let outcome = try await bulkWork.execute(job) else { return nil }
        switch outcome {
        case .done: return .done
        case .failed(let message): return .failed(message)
        case .postponed: throw Overload.waitedTooLong
        }
    }

    /// Sets the attempts that a job has left, waiting for whoever carries it out: 0 raises an incident, more resolves
    /// it.
    ///
    /// `dueDate`: Nil leaves it as it is, a nil within sets none.
    /// - Returns: Whether there is such a job.
    package func setJobRetries(_ id: String, _ retries: Int32, dueDate: Instant?? = nil) async throws -> Bool {
        guard let job = JobID(id) else { return false }
        return try await setRetries(retries, dueDate) { try await $0.run(LockJob(job)).map(\.id) }
    }

    /// Sets the attempts of all jobs of a definition that have none left.
    ///
    /// `dueDate`: Nil leaves it as it is, a nil within sets none.
    package func setFailedJobRetries(
        ofDefinition id: String,
        _ retries: Int32,
        dueDate: Instant?? = nil
    ) async throws {
        guard let definition = JobDefinitionID(id) else { return }
        _ = try await setRetries(retries, dueDate) { try await $0.run(LockFailedJobs(of: definition)) }
    }

    /// Sets the moment before which a job is not carried out by itself, waiting for whoever carries it out; nil for none.
    ///
    /// - Returns: Whether there is such a job.
    package func setJobDueDate(_ id: String, _ dueDate: Instant?) async throws -> Bool {
        guard let job = JobID(id) else { return false }
        let found = try await !pool.run(SetJobDueDate(job, dueDate.map { PostgresTimestamp($0) })).isEmpty
        if found { batchesAppeared() }
        return found
    }

    /// Sets the priority that lists of jobs show and sort by, waiting for whoever carries the job out.
    ///
    /// - Returns: Whether there is such a job.
    package func setJobPriority(_ id: String, _ priority: Int64) async throws -> Bool {
        guard let job = JobID(id) else { return false }
        return try await !pool.run(SetJobPriority(job, priority)).isEmpty
    }

    /// Stops a job, or lets it go on; what is under way is finished.
    ///
    /// The batch's own state counts, too. It is no error when there is no such job.
    package func suspendJob(_ id: String, isSuspended: Bool) async throws {
        guard let job = JobID(id) else { return }
        try await pool.run(SuspendJob(job, isSuspended: isSuspended))
        if !isSuspended { batchesAppeared() }
    }

    /// Stops the jobs that a definition has now, or lets them go on; what is under way is finished.
    ///
    /// It is no error when there is no such definition.
    package func suspendJobs(ofDefinition id: String, isSuspended: Bool) async throws {
        guard let definition = JobDefinitionID(id) else { return }
        try await pool.run(SuspendJobsOfDefinition(definition, isSuspended: isSuspended))
        if !isSuspended { batchesAppeared() }
    }

    private func setRetries(
        _ retries: Int32,
        _ dueDate: Instant??,
        of lock: @Sendable (Transaction) async throws -> [JobID]
    ) async throws -> Bool {
        let isHistoryKept = configuration.historyLevel >= .full
        let found = try await pool.transaction { transaction in
            let jobs = try await lock(transaction)
            guard !jobs.isEmpty else { return false }
            var pipeline = Pipeline()
            pipeline.add(SetJobRetries(jobs, retries, dueDate: dueDate.map { $0.map { PostgresTimestamp($0) } }))
            if retries > 0 {
                pipeline.add(CloseJobIncidents(of: jobs, isResolved: true, isHistoryKept: isHistoryKept))
            } else {
                pipeline.add(OpenJobIncidents(of: jobs))
            }
            try await transaction.commit(after: pipeline)
            return true
        }
        if found, retries > 0 { batchesAppeared() }
        return found
    }

    /// Takes a job away that nobody carries out now; its batch counts it as done.
    ///
    /// - Returns: Whether there was such a job.
    package func deleteJob(_ id: String) async throws -> Bool {
        guard let job = JobID(id) else { return false }
        let isHistoryKept = configuration.historyLevel >= .full
        let found = try await pool.transaction { transaction in
            guard try await !transaction.run(LockJob(job)).isEmpty else { return false }
            var pipeline = Pipeline()
            pipeline.add(DeleteBulkJobs([job]))
            pipeline.add(CloseJobIncidents(of: [job], isResolved: false, isHistoryKept: isHistoryKept))
            try await transaction.commit(after: pipeline)
            return true
        }
        // It may have been the last one.
        if found { batchesAppeared() }
        return found
    }
}
