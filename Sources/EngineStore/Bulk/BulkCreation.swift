import EngineCore
import FoundationEssentials
package import Postgres

/// Makes a batch with all its jobs in one statement, so that a hundred thousand of them are quick and never in memory.
package struct BulkCreation: Sendable {
    /// The contract's name for the kind of operation.
    package var type: String
    /// What the operation needs to know besides its target.
    package var configuration: String
    package var targets: ExternalTaskSelection
    package var userID: String?
    package var isHistoryKept: Bool

    /// Attempts that a job has at first.
    package static let attempts: Int32 = 3
    /// Jobs that one run of the seed job makes.
    package static let jobsPerSeed: Int32 = 100

    package init(
        type: String,
        configuration: String,
        targets: ExternalTaskSelection,
        userID: String?,
        isHistoryKept: Bool
    ) {
        self.type = type
        self.configuration = configuration
        self.targets = targets
        self.userID = userID
        self.isHistoryKept = isHistoryKept
    }

    /// The statement; its row is the batch, and without any target there is none.
    package var query: DynamicQuery {
        var query = DynamicQuery("make a batch", "with target (id) as (select id::text from (")
        targets.append(to: &query)
        query.append(") as task union all select unnest(", Array(targets.strangers), ")), ")
        query.append(
            """
            made as (
                insert into batch (
                    id, total_jobs, jobs_created, invocations_per_job, seed_job_definition_id,
                    monitor_job_definition_id, batch_job_definition_id, start_time, type, configuration,
                    create_user_id, jobs_per_seed
                )
                select
                    gen_random_uuid(), count(*), 0, 1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                    clock_timestamp(),
            """,
            type,
            ", "
        )
        query.append("", configuration, ", ")
        query.append("", userID, ", ")
        query.append("", Self.jobsPerSeed, " from target having count(*) > 0 returning *), ")
        query.append(
            """
            operation as (
                insert into batch_job (id, batch_id, kind, position, target, retries)
                select gen_random_uuid(), made.id, 1, row_number() over (), target.id,
            """,
            Self.attempts,
            " from target cross join made), "
        )
        query.append(
            """
            seed as (
                insert into batch_job (id, batch_id, kind, position, retries)
                select gen_random_uuid(), id, 0, 0,
            """,
            Self.attempts,
            " from made), "
        )
        query.append(
            """
            history as (
                insert into history_batch (
                    id, type, total_jobs, jobs_per_seed, invocations_per_job, seed_job_definition_id,
                    monitor_job_definition_id, batch_job_definition_id, tenant_id, create_user_id, start_time
                )
                select
                    id, type, total_jobs, jobs_per_seed, invocations_per_job, seed_job_definition_id,
                    monitor_job_definition_id, batch_job_definition_id, tenant_id, create_user_id, start_time
                from made
                where
            """,
            isHistoryKept,
            ") select "
        )
        query.append(BulkQuery.columns)
        query.append(" from made as b")
        return query
    }
}
