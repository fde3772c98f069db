package import EngineCore
package import Expressions
package import Postgres

/// What batches are asked for by, whether alone or with their numbers.
package struct BulkFilter: Sendable {
    package var batchID: String?
    package var type: String?
    package var tenants = TenantFilter()
    package var isSuspended: Bool?
    package var createdBy: String?
    package var startedBefore: Instant?
    package var startedAfter: Instant?
    /// Whether a job is left that failed for good.
    package var hasFailures: Bool?
    /// Set by filters that contradict each other.
    package var matchesNothing = false

    package init() {}

    func restrict(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("b.id", id: batchID)
        rows.equal("b.type", type)
        rows.tenant("b.tenant_id", tenants)
        rows.add("b.suspended", if: isSuspended == true)
        rows.add("not b.suspended", if: isSuspended == false)
        rows.equal("b.create_user_id", createdBy)
        rows.before("b.start_time", startedBefore)
        rows.after("b.start_time", startedAfter)
        rows.add("exists (select from batch_job j where j.batch_id = b.id and j.retries = 0)", if: hasFailures == true)
        rows.add(
            "not exists (select from batch_job j where j.batch_id = b.id and j.retries = 0)",
            if: hasFailures == false
        )
    }
}

/// What batches can be sorted by.
package enum BulkField: String, SortField {
    case batchId, tenantId

    package var column: StaticString {
        switch self {
        case .batchId: "b.id"
        case .tenantId: "b.tenant_id"
        }
    }
}

/// Batches that are not done.
package struct BulkQuery: ListQuery {
    package var filter = BulkFilter()
    package var sorting: [Sorting<BulkField>] = []
    package var page = Page.all

    package init() {}

    package static let name: StaticString = "batches"
    package static let defaultOrder: StaticString = "b.sequence"
    package static let columns: StaticString = """
        b.id, b.type, b.total_jobs, b.jobs_created, b.jobs_per_seed, b.invocations_per_job, b.seed_job_definition_id,
        b.monitor_job_definition_id, b.batch_job_definition_id, b.suspended, b.tenant_id, b.create_user_id,
        b.start_time, b.execution_start_time
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try row.bulk()
    })

    package func appendSource(to query: inout DynamicQuery) { query.append(" from batch b") }
    package func restrict(_ rows: inout Conditions) { filter.restrict(&rows) }
}

/// Batches that are not done, and how far they are.
package struct BulkStatisticsQuery: ListQuery {
    package var filter = BulkFilter()
    package var sorting: [Sorting<BulkField>] = []
    package var page = Page.all

    package init() {}

    package static let name: StaticString = "batch statistics"
    package static let defaultOrder: StaticString = "b.sequence"
    // What was not seeded counts as open: its jobs are there, only not seen.
    package static let columns: StaticString = """
        b.id, b.type, b.total_jobs, b.jobs_created, b.jobs_per_seed, b.invocations_per_job, b.seed_job_definition_id,
        b.monitor_job_definition_id, b.batch_job_definition_id, b.suspended, b.tenant_id, b.create_user_id,
        b.start_time, b.execution_start_time,
        (select count(*) from batch_job j where j.batch_id = b.id and j.retries > 0 and j.kind = 1)::integer,
        (select count(*) from batch_job j where j.batch_id = b.id and j.retries = 0 and j.kind = 1)::integer
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try BulkStatisticsView(batch: row.bulk(), openJobs: row.next(), failedJobs: row.next())
    })

    package func appendSource(to query: inout DynamicQuery) { query.append(" from batch b") }
    package func restrict(_ rows: inout Conditions) { filter.restrict(&rows) }
}

extension RowReader {
    /// Reads the columns of a batch, in the order of ``BulkQuery/columns``.
    fileprivate mutating func bulk() throws(PostgresError) -> BulkView {
        try BulkView(
            id: id(),
            type: next(),
            totalJobs: next(),
            jobsCreated: next(),
            jobsPerSeed: next(),
            invocationsPerJob: next(),
            seedJobDefinition: id(),
            monitorJobDefinition: id(),
            batchJobDefinition: id(),
            isSuspended: next(),
            tenantID: next(),
            createUserID: next(),
            startTime: moment(),
            executionStartTime: momentIfAny()
        )
    }
}

/// A batch that is not done.
package struct BulkView: Sendable {
    package var id: BatchID
    package var type: String
    package var totalJobs: Int32
    package var jobsCreated: Int32
    package var jobsPerSeed: Int32
    package var invocationsPerJob: Int32
    package var seedJobDefinition: JobDefinitionID
    package var monitorJobDefinition: JobDefinitionID
    package var batchJobDefinition: JobDefinitionID
    package var isSuspended: Bool
    package var tenantID: String?
    package var createUserID: String?
    package var startTime: Instant
    package var executionStartTime: Instant?
}

/// A batch that is not done, and how far it is.
package struct BulkStatisticsView: Sendable {
    package var batch: BulkView
    /// Jobs with attempts left.
    package var openJobs: Int32
    /// Jobs that failed for good.
    package var failedJobs: Int32

    /// Jobs that are not done, failed ones included.
    package var remainingJobs: Int32 { openJobs + failedJobs }
    /// Jobs that are done or were deleted.
    package var completedJobs: Int32 { batch.totalJobs - remainingJobs }
}
