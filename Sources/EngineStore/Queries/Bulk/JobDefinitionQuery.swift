package import EngineCore
package import Postgres

/// Job definitions: of each batch three, one for each kind of job.
package struct JobDefinitionQuery: ListQuery {
    package var jobDefinitionID: String?
    package var jobType: String?
    package var jobConfiguration: String?
    package var isActive = false
    package var isSuspended = false
    package var tenants = TenantFilter()
    /// Set by filters on what no job definition has, such as a process definition.
    package var matchesNothing = false
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case jobDefinitionId, activityId, processDefinitionId, processDefinitionKey, jobType, jobConfiguration, tenantId

        package var column: StaticString {
            switch self {
            case .jobDefinitionId: "d.id"
            case .jobType: "d.type"
            case .jobConfiguration: "b.id"
            case .tenantId: "b.tenant_id"
            // All have the same: none.
            case .activityId, .processDefinitionId, .processDefinitionKey: "null::text"
            }
        }
    }

    package static let name: StaticString = "job definitions"
    package static let defaultOrder: StaticString = "b.sequence, d.id"
    package static let columns: StaticString = "d.id, d.type, b.id, b.suspended, b.tenant_id"
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try JobDefinitionView(
            id: row.id(),
            type: row.next(),
            batchID: row.id(),
            isSuspended: row.next(),
            tenantID: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from batch b
            cross join lateral (
                values
                    (b.seed_job_definition_id, 'batch-seed-job'),
                    (b.monitor_job_definition_id, 'batch-monitor-job'),
                    (b.batch_job_definition_id, b.type)
            ) as d (id, type)
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("d.id", id: jobDefinitionID)
        rows.equal("d.type", jobType)
        rows.equal("b.id", id: jobConfiguration)
        rows.add("not b.suspended", if: isActive)
        rows.add("b.suspended", if: isSuspended)
        rows.tenant("b.tenant_id", tenants)
    }
}

/// What jobs of one kind and batch have in common.
package struct JobDefinitionView: Sendable {
    package var id: JobDefinitionID
    package var type: String
    package var batchID: BatchID
    package var isSuspended: Bool
    package var tenantID: String?
}
