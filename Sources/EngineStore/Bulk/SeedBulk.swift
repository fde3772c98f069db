package import EngineCore
package import Postgres

/// Runs a seed job, which must be held: makes the next jobs of its batch; with the last ones it goes and the monitor
/// comes.
package struct SeedBulk: Statement {
    package var job: JobID
    /// The most jobs to make.
    package var limit: Int32

    package static let sql: SQLText = """
        with seeded as materialized (
            select b.id, b.total_jobs, b.total_jobs - b.jobs_created <= $2 as is_last, b.jobs_created, j.retries
            from batch_job j
            join batch b on b.id = j.batch_id
            where j.id = $1 and j.kind = 0
            -- A batch that is being deleted holds this job's row next: do not wait for it.
            for update of b skip locked
        ),
        moved as (
            update batch
            set jobs_created = case when seeded.is_last then seeded.total_jobs else seeded.jobs_created + $2 end
            from seeded
            where batch.id = seeded.id
        ),
        ended as (delete from batch_job using seeded where batch_job.id = $1 and seeded.is_last)
        insert into batch_job (id, batch_id, kind, position, retries)
        select gen_random_uuid(), id, 2, total_jobs + 1, retries
        from seeded
        where is_last
        """

    package static let parameters = ParameterEncoder(\Self.job, \.limit)

    package init(job: JobID, limit: Int32) {
        self.job = job
        self.limit = limit
    }
}
