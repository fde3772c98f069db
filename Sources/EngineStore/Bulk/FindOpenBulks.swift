package import EngineCore
package import Postgres

/// Finds batches that somebody can go on with: jobs that may be carried out, or nothing left at all; the oldest first.
package struct FindOpenBulks: Statement {
    /// The most batches to find.
    package var limit: Int64

    package static let sql: SQLText = """
        select b.id
        from batch b
        where not b.suspended and (
            exists (
                select from batch_job j
                where j.batch_id = b.id and \(ClaimBulkJobs.isRunnable)
            )
            or b.jobs_created = b.total_jobs and \(CompleteBulk.isDone)
        )
        order by b.sequence
        limit $1
        """

    package static let parameters = ParameterEncoder(\Self.limit)
    package static let rows = RowDecoder(BatchID.self)

    package init(limit: Int64) { self.limit = limit }
}
