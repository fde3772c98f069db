package import EngineCore
import FoundationEssentials
package import Postgres

/// Sets the moment before which a job is not carried out, nil for none; a row when clients see the job.
package struct SetJobDueDate: Statement {
    package var job: JobID
    package var dueDate: PostgresTimestamp?

    package static let sql: SQLText = """
        update batch_job as j
        set due_date = $2
        from batch b
        where j.id = $1 and \(JobQuery.isSeen)
        returning j.id
        """

    package static let parameters = ParameterEncoder(\Self.job, \.dueDate)
    package static let rows = RowDecoder(JobID.self)

    package init(_ job: JobID, _ dueDate: PostgresTimestamp?) {
        self.job = job
        self.dueDate = dueDate
    }
}

/// Sets the priority that lists of jobs show and sort by; a row when clients see the job.
package struct SetJobPriority: Statement {
    package var job: JobID
    package var priority: Int64

    package static let sql: SQLText = """
        update batch_job as j
        set priority = $2
        from batch b
        where j.id = $1 and \(JobQuery.isSeen)
        returning j.id
        """

    package static let parameters = ParameterEncoder(\Self.job, \.priority)
    package static let rows = RowDecoder(JobID.self)

    package init(_ job: JobID, _ priority: Int64) {
        self.job = job
        self.priority = priority
    }
}

/// Stops a job that clients see, or lets it go on.
package struct SuspendJob: Statement {
    package var job: JobID
    package var isSuspended: Bool

    package static let sql: SQLText = """
        update batch_job as j
        set suspended = $2
        from batch b
        where j.id = $1 and \(JobQuery.isSeen)
        """

    package static let parameters = ParameterEncoder(\Self.job, \.isSuspended)

    package init(_ job: JobID, isSuspended: Bool) {
        self.job = job
        self.isSuspended = isSuspended
    }
}

/// Stops the jobs of a definition that clients see, or lets them go on; those that are made later are not among them.
package struct SuspendJobsOfDefinition: Statement {
    package var definition: JobDefinitionID
    package var isSuspended: Bool

    package static let sql: SQLText = """
        with found as (
            select j.id
            from batch_job as j
            join batch b on \(JobQuery.isSeen)
            where j.suspended <> $2 and case j.kind
                when 0 then b.seed_job_definition_id
                when 1 then b.batch_job_definition_id
                else b.monitor_job_definition_id
            end = $1
            order by j.id
            for update of j
        )
        update batch_job as job
        set suspended = $2
        from found
        where job.id = found.id
        """

    package static let parameters = ParameterEncoder(\Self.definition, \.isSuspended)

    package init(_ definition: JobDefinitionID, isSuspended: Bool) {
        self.definition = definition
        self.isSuspended = isSuspended
    }
}
