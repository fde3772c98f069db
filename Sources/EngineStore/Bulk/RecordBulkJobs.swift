package import EngineCore
package import FoundationEssentials
package import Postgres

/// Takes away jobs that are done, which must be held.
package struct DeleteBulkJobs: Statement {
    package var jobs: [UUID]

    package static let sql: SQLText = "delete from batch_job where id = any ($1)"
    package static let parameters = ParameterEncoder(\Self.jobs)

    package init(_ jobs: [JobID]) { self.jobs = jobs.map(\.rawValue) }
}

/// Takes one attempt from jobs that failed, which must be held.
package struct FailBulkJobs: Statement {
    /// Why a job failed.
    package struct Failure: Sendable {
        package var job: JobID
        package var message: String

        package init(_ job: JobID, _ message: String) {
            self.job = job
            self.message = message
        }
    }

    package var failures: [Failure]

    package static let sql: SQLText = """
        update batch_job as job
        set retries = greatest(job.retries - 1, 0), exception_message = failure.message
        from unnest($1, $2) as failure (id, message)
        where job.id = failure.id
        """

    package static let parameters = ParameterEncoder(\Self.jobs, \.messages)
    private var jobs: [UUID] { failures.map(\.job.rawValue) }
    private var messages: [String] { failures.map(\.message) }

    package init(_ failures: [Failure]) { self.failures = failures }
}

/// Ends the incidents of jobs.
package struct CloseJobIncidents: Statement {
    package var jobs: [String]
    /// Whether the jobs can go on; otherwise they are gone.
    package var isResolved: Bool
    package var isHistoryKept: Bool

    package static let sql: SQLText = """
        with closed as (
            delete from incident
            where configuration = any ($1) and type = 'failedJob'
            returning *
        )
        insert into history_incident (
            id, type, configuration, message, cause_incident_id, root_cause_incident_id, job_definition_id,
            annotation, create_time, end_time, state
        )
        select
            id, type, configuration, message, cause_incident_id, root_cause_incident_id, job_definition_id,
            annotation, create_time, clock_timestamp(), case when $2 then 'resolved' else 'deleted' end
        from closed
        where $3
        """

    package static let parameters = ParameterEncoder(\Self.jobs, \.isResolved, \.isHistoryKept)

    package init(of jobs: [JobID], isResolved: Bool, isHistoryKept: Bool) {
        self.jobs = jobs.map(\.description)
        self.isResolved = isResolved
        self.isHistoryKept = isHistoryKept
    }
}
