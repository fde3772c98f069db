package import EngineCore
package import FoundationEssentials
package import Postgres

/// Sets the attempts that jobs have left, which must be held, and when they are due.
package struct SetJobRetries: Statement {
    package var jobs: [UUID]
    package var retries: Int32
    package var setsDueDate: Bool
    package var dueDate: PostgresTimestamp?

    package static let sql: SQLText = """
        update batch_job
        set retries = $2, due_date = case when $3 then $4 else due_date end
        where id = any ($1)
        """
    package static let parameters = ParameterEncoder(\Self.jobs, \.retries, \.setsDueDate, \.dueDate)

    /// `dueDate`: Nil leaves it as it is, a nil within sets none.
    package init(_ jobs: [JobID], _ retries: Int32, dueDate: PostgresTimestamp??) {
        self.jobs = jobs.map(\.rawValue)
        self.retries = retries
        setsDueDate = dueDate != nil
        self.dueDate = dueDate ?? nil
    }
}

/// Opens incidents of those of the jobs that have no attempts left, unless they have one.
package struct OpenJobIncidents: Statement {
    package var jobs: [UUID]

    package static let sql: SQLText = """
        with opened as materialized (
            select
                gen_random_uuid() as id, job.id::text as job, job.exception_message,
                case job.kind
                    when 0 then batch.seed_job_definition_id
                    when 1 then batch.batch_job_definition_id
                    else batch.monitor_job_definition_id
                end as definition
            from batch_job as job
            join batch on batch.id = job.batch_id
            where job.id = any ($1) and job.retries = 0
                and not exists (select from incident where configuration = job.id::text and type = 'failedJob')
        )
        insert into incident (
            id, type, configuration, message, cause_incident_id, root_cause_incident_id, job_definition_id, create_time
        )
        select id, 'failedJob', job, exception_message, id, id, definition, clock_timestamp()
        from opened
        """

    package static let parameters = ParameterEncoder(\Self.jobs)

    package init(of jobs: [JobID]) { self.jobs = jobs.map(\.rawValue) }
}

/// Holds the jobs of a definition that failed for good; the batch may be at work on others meanwhile.
package struct LockFailedJobs: Statement {
    package var definition: JobDefinitionID

    package static let sql: SQLText = """
        select job.id
        from batch_job as job
        join batch on batch.id = job.batch_id
        where job.retries = 0 and case job.kind
            when 0 then batch.seed_job_definition_id
            when 1 then batch.batch_job_definition_id
            else batch.monitor_job_definition_id
        end = $1
        order by job.id
        for update of job
        """

    package static let parameters = ParameterEncoder(\Self.definition)
    package static let rows = RowDecoder(JobID.self)

    package init(of definition: JobDefinitionID) { self.definition = definition }
}
