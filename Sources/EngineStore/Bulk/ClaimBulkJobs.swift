package import EngineCore
package import Postgres

/// Takes some of a batch's jobs that may be carried out, in order, and holds them until the transaction ends.
///
/// Jobs that another node holds are skipped, not waited for. When a node dies, its transaction ends, and others find
/// them.
package struct ClaimBulkJobs: Statement {
    package var batch: BatchID
    /// Only jobs after this position; -1 begins with the seed.
    ///
    /// What was done need not be walked over again.
    package var after: Int32
    /// The most jobs to take.
    package var limit: Int64

    /// The job `j` of the batch `b` may be carried out, unless the whole batch is stopped.
    static let isRunnable: SQLText = """
        j.retries > 0 and j.position <= b.jobs_created and not j.suspended
            and (j.due_date is null or j.due_date <= clock_timestamp())
        """

    package static let sql: SQLText = """
        select j.id, j.batch_id, j.kind, j.position, j.target, j.retries, b.type, b.configuration
        from batch_job j
        join batch b on b.id = j.batch_id
        where j.batch_id = $1 and j.position > $2 and not b.suspended and \(isRunnable)
        order by j.position
        limit $3
        for update of j skip locked
        """

    package static let parameters = ParameterEncoder(\Self.batch, \.after, \.limit)
    package static let rows = RowDecoder(BulkJob.init)

    package init(batch: BatchID, after: Int32, limit: Int64) {
        self.batch = batch
        self.after = after
        self.limit = limit
    }
}

/// Takes one job that clients see, and waits for whoever holds it; no row when there is none.
package struct LockJob: Statement {
    package var id: JobID

    package static let sql: SQLText = """
        select j.id, j.batch_id, j.kind, j.position, j.target, j.retries, b.type, b.configuration
        from batch_job j
        join batch b on b.id = j.batch_id
        where j.id = $1 and (j.kind <> 1 or j.position <= b.jobs_created)
        for update of j
        """

    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder(BulkJob.init)

    package init(_ id: JobID) { self.id = id }
}

/// A job that is held.
package struct BulkJob: Sendable {
    package enum Kind: Int16, PostgresDecodable, Sendable {
        /// Makes the jobs that clients see.
        case seed
        /// Does something to one target.
        case operation
        /// Ends the batch when nothing is left.
        case monitor
    }

    package var id: JobID
    package var batch: BatchID
    package var kind: Kind
    package var position: Int32
    /// Only operations have one.
    package var target: String?
    package var retries: Int32
    /// Of the batch.
    package var type: String
    /// Of the batch.
    package var configuration: String
}
