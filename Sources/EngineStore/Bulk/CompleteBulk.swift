package import EngineCore
package import Postgres

/// Ends a batch of which nothing is left to do, with its monitor; one that has jobs left stays.
package struct CompleteBulk: Statement {
    package var batch: BatchID

    /// No seed and no operation is left of the batch `b`.
    static let isDone: SQLText = """
        not exists (
            select from batch_job j where j.batch_id = b.id and j.retries > 0 and j.position <= b.total_jobs
        )
        and not exists (
            select from batch_job j where j.batch_id = b.id and j.retries = 0 and j.position <= b.total_jobs
        )
        """

    package static let sql: SQLText = """
        with completed as (
            delete from batch b
            where b.id = $1 and b.jobs_created = b.total_jobs and \(isDone)
            returning b.id
        ),
        open as (
            delete from batch_job using completed where batch_job.batch_id = completed.id and batch_job.retries > 0
        ),
        failed as (
            delete from batch_job using completed where batch_job.batch_id = completed.id and batch_job.retries = 0
        )
        update history_batch
        set end_time = clock_timestamp()
        from completed
        where history_batch.id = completed.id
        """

    package static let parameters = ParameterEncoder(\Self.batch)

    package init(_ batch: BatchID) { self.batch = batch }
}
