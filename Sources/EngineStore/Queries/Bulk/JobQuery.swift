package import EngineCore
package import Expressions
package import Postgres

/// Jobs that clients see: the seed, the operations that it made, and the monitor of each batch.
package struct JobQuery: ListQuery {
    package var jobID: String?
    package var jobIDs: [String]?
    package var jobDefinitionID: String?
    package var exceptionMessage: String?
    package var withException = false
    package var withRetriesLeft = false
    package var noRetriesLeft = false
    /// Attempts left, not suspended, and due.
    package var isExecutable = false
    package var isActive = false
    package var isSuspended = false
    package var priorityAtLeast: Int64?
    package var priorityAtMost: Int64?
    package var tenants = TenantFilter()
    package var createdBefore: [Instant] = []
    package var createdAfter: [Instant] = []
    package var dueBefore: [Instant] = []
    package var dueAfter: [Instant] = []
    /// Set by filters on what no job has, such as a process instance.
    package var matchesNothing = false
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case jobId, executionId, processInstanceId, processDefinitionId, processDefinitionKey, jobPriority, jobRetries
        case jobDueDate, tenantId

        package var column: StaticString {
            switch self {
            case .jobId: "j.id"
            case .jobRetries: "j.retries"
            case .tenantId: "b.tenant_id"
            case .jobPriority: "j.priority"
            case .jobDueDate: "j.due_date"
            // All jobs have the same.
            case .executionId, .processInstanceId, .processDefinitionId, .processDefinitionKey: "null::text"
            }
        }
    }

    package static let name: StaticString = "jobs"
    package static let defaultOrder: StaticString = "b.sequence, j.position"
    package static let columns: StaticString = """
        j.id, b.id,
        case j.kind
            when 0 then b.seed_job_definition_id
            when 1 then b.batch_job_definition_id
            else b.monitor_job_definition_id
        end,
        j.retries, j.exception_message, b.suspended or j.suspended, j.due_date, j.priority, b.tenant_id, b.start_time
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try JobView(
            id: row.id(),
            batchID: row.id(),
            jobDefinition: row.id(),
            retries: row.next(),
            exceptionMessage: row.next(),
            isSuspended: row.next(),
            dueDate: row.momentIfAny(),
            priority: row.next(),
            tenantID: row.next(),
            createTime: row.moment()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(" from batch_job j join batch b on b.id = j.batch_id")
    }

    /// Clients see the job `j` of the batch `b`.
    static let isSeen: SQLText = "b.id = j.batch_id and (j.kind <> 1 or j.position <= b.jobs_created)"

    package func restrict(_ rows: inout Conditions) {
        rows.add("(j.kind <> 1 or j.position <= b.jobs_created)")
        if matchesNothing { rows.matchNothing() }
        rows.equal("j.id", id: jobID)
        rows.any("j.id", ids: jobIDs)
        rows.definition(jobDefinitionID)
        rows.equal("j.exception_message", exceptionMessage)
        rows.add("j.exception_message is not null", if: withException)
        rows.add("j.retries > 0", if: withRetriesLeft)
        rows.add("j.retries = 0", if: noRetriesLeft)
        rows.add(
            """
            j.retries > 0 and not b.suspended and not j.suspended
                and (j.due_date is null or j.due_date <= statement_timestamp())
            """,
            if: isExecutable
        )
        rows.add("not (b.suspended or j.suspended)", if: isActive)
        rows.add("(b.suspended or j.suspended)", if: isSuspended)
        rows.add("j.priority >= ", priorityAtLeast)
        rows.add("j.priority <= ", priorityAtMost)
        rows.tenant("b.tenant_id", tenants)
        for instant in createdBefore { rows.before("b.start_time", instant) }
        for instant in createdAfter { rows.after("b.start_time", instant) }
        for instant in dueBefore { rows.before("j.due_date", instant) }
        for instant in dueAfter { rows.after("j.due_date", instant) }
    }
}

extension Conditions {
    /// The job belongs to this definition; written so that the batch is found first, then its jobs.
    fileprivate mutating func definition(_ text: String?) {
        guard let text else { return }
        guard let id = JobDefinitionID(text)?.rawValue else { return matchNothing() }
        add("(j.kind = 0 and b.seed_job_definition_id = ", id)
        continueWith(" or j.kind = 1 and b.batch_job_definition_id = ", id)
        continueWith(" or j.kind = 2 and b.monitor_job_definition_id = ", id, ")")
    }
}

/// A job as lists show it.
package struct JobView: Sendable {
    package var id: JobID
    package var batchID: BatchID
    package var jobDefinition: JobDefinitionID
    package var retries: Int32
    package var exceptionMessage: String?
    /// Alone, or with its batch.
    package var isSuspended: Bool
    /// Not carried out before it.
    package var dueDate: Instant?
    package var priority: Int64
    package var tenantID: String?
    package var createTime: Instant
}
