package import EngineCore
package import Expressions
package import Postgres

/// Batches, done or not.
package struct HistoricBulkQuery: ListQuery {
    package var batchID: String?
    package var type: String?
    package var isCompleted: Bool?
    package var tenants = TenantFilter()
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case batchId, startTime, endTime, tenantId

        package var column: StaticString {
            switch self {
            case .batchId: "b.id"
            case .startTime: "b.start_time"
            case .endTime: "b.end_time"
            case .tenantId: "b.tenant_id"
            }
        }
    }

    package static let name: StaticString = "historic batches"
    package static let defaultOrder: StaticString = "b.sequence"
    package static let columns: StaticString = """
        b.id, b.type, b.total_jobs, b.jobs_per_seed, b.invocations_per_job, b.seed_job_definition_id,
        b.monitor_job_definition_id, b.batch_job_definition_id, b.tenant_id, b.create_user_id, b.start_time,
        b.execution_start_time, b.end_time, b.removal_time
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricBulkView(
            id: row.id(),
            type: row.next(),
            totalJobs: row.next(),
            jobsPerSeed: row.next(),
            invocationsPerJob: row.next(),
            seedJobDefinition: row.id(),
            monitorJobDefinition: row.id(),
            batchJobDefinition: row.id(),
            tenantID: row.next(),
            createUserID: row.next(),
            startTime: row.moment(),
            executionStartTime: row.momentIfAny(),
            endTime: row.momentIfAny(),
            removalTime: row.momentIfAny()
        )
    })

    package func appendSource(to query: inout DynamicQuery) { query.append(" from history_batch b") }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("b.id", id: batchID)
        rows.equal("b.type", type)
        rows.add("b.end_time is not null", if: isCompleted == true)
        rows.add("b.end_time is null", if: isCompleted == false)
        rows.tenant("b.tenant_id", tenants)
    }
}

/// A batch as history shows it.
package struct HistoricBulkView: Sendable {
    package var id: BatchID
    package var type: String
    package var totalJobs: Int32
    package var jobsPerSeed: Int32
    package var invocationsPerJob: Int32
    package var seedJobDefinition: JobDefinitionID
    package var monitorJobDefinition: JobDefinitionID
    package var batchJobDefinition: JobDefinitionID
    package var tenantID: String?
    package var createUserID: String?
    package var startTime: Instant
    package var executionStartTime: Instant?
    package var endTime: Instant?
    package var removalTime: Instant?
}
