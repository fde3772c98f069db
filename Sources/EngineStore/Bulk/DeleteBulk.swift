package import EngineCore
package import Postgres

/// Locks a batch; no row when there is none.
package struct LockBulk: Statement {
    package var batch: BatchID

    package static let sql: SQLText = """
        select seed_job_definition_id, monitor_job_definition_id, batch_job_definition_id
        from batch
        where id = $1
        for update
        """

    package static let parameters = ParameterEncoder(\Self.batch)
    package static let rows = RowDecoder(JobDefinitionsOfBulk.init)

    package init(_ batch: BatchID) { self.batch = batch }
}

/// The job definitions of one batch.
package struct JobDefinitionsOfBulk: Sendable {
    package var seed: JobDefinitionID
    package var monitor: JobDefinitionID
    package var operation: JobDefinitionID
}

/// Locks all jobs of a batch, waiting for those that are being carried out, and counts them.
///
/// The batch must be locked, so that there will be no others.
package struct LockJobsOfBulk: Statement {
    package var batch: BatchID

    package static let sql: SQLText = """
        select count(*)
        from (select from batch_job where batch_id = $1 order by id for update) as held
        """

    package static let parameters = ParameterEncoder(\Self.batch)
    package static let rows = RowDecoder(Int64.self)

    package init(_ batch: BatchID) { self.batch = batch }
}

/// Finds the jobs of a batch that failed for good.
package struct FindFailedJobs: Statement {
    package var batch: BatchID

    package static let sql: SQLText = "select id from batch_job where batch_id = $1 and retries = 0"
    package static let parameters = ParameterEncoder(\Self.batch)
    package static let rows = RowDecoder(JobID.self)

    package init(of batch: BatchID) { self.batch = batch }
}

/// Takes a batch away with all its jobs; history says that it ended.
///
/// The batch and its jobs must be locked.
package struct DeleteBulk: Statement {
    package var batch: BatchID

    package static let sql: SQLText = """
        with
            open as (delete from batch_job where batch_id = $1 and retries > 0),
            failed as (delete from batch_job where batch_id = $1 and retries = 0),
            ended as (update history_batch set end_time = clock_timestamp() where id = $1)
        delete from batch where id = $1
        """

    package static let parameters = ParameterEncoder(\Self.batch)

    package init(_ batch: BatchID) { self.batch = batch }
}

/// Deletes the history of a batch, with that of its incidents; a row when there was some.
package struct DeleteHistoricBulk: Statement {
    package var batch: BatchID

    package static let sql: SQLText = """
        with
            deleted as (
                delete from history_batch
                where id = $1
                returning id, seed_job_definition_id, monitor_job_definition_id, batch_job_definition_id
            ),
            incidents as (
                delete from history_incident as incident
                using deleted
                where incident.job_definition_id in (
                    deleted.seed_job_definition_id, deleted.monitor_job_definition_id, deleted.batch_job_definition_id
                )
            )
        select id from deleted
        """

    package static let parameters = ParameterEncoder(\Self.batch)
    package static let rows = RowDecoder(BatchID.self)

    package init(_ batch: BatchID) { self.batch = batch }
}

/// Stops a batch or lets it go on, with all its jobs; a row when there is one.
package struct SuspendBulk: Statement {
    package var batch: BatchID
    package var isSuspended: Bool

    package static let sql: SQLText = """
        with together as (update batch_job set suspended = false where batch_id = $1 and suspended)
        update batch set suspended = $2 where id = $1 returning id
        """
    package static let parameters = ParameterEncoder(\Self.batch, \.isSuspended)
    package static let rows = RowDecoder(BatchID.self)

    package init(_ batch: BatchID, isSuspended: Bool) {
        self.batch = batch
        self.isSuspended = isSuspended
    }
}
