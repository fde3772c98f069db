package import EngineCore
package import Expressions
package import Postgres

/// Open incidents.
package struct IncidentQuery: ListQuery {
    package var incidentID: String?
    package var incidentType: String?
    package var incidentMessage: String?
    package var incidentMessageLike: String?
    package var processDefinitionID: String?
    package var processDefinitionKeyIn: [String]?
    package var processInstanceID: String?
    package var executionID: String?
    package var activityID: String?
    package var failedActivityID: String?
    package var causeIncidentID: String?
    package var rootCauseIncidentID: String?
    package var configuration: String?
    package var jobDefinitionIDIn: [String]?
    package var timestampBefore: Instant?
    package var timestampAfter: Instant?
    package var tenants = TenantFilter()
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case incidentId, incidentMessage, incidentTimestamp, incidentType, executionId, activityId, processInstanceId
        case processDefinitionId, causeIncidentId, rootCauseIncidentId, configuration, tenantId

        package var column: StaticString {
            switch self {
            case .incidentId: "i.id"
            case .incidentMessage: "i.message"
            case .incidentTimestamp: "i.create_time"
            case .incidentType: "i.type"
            case .executionId: "i.execution_id"
            case .activityId: "i.activity_id"
            case .processInstanceId: "i.instance_id"
            case .processDefinitionId: "i.definition_id"
            case .causeIncidentId: "i.cause_incident_id"
            case .rootCauseIncidentId: "i.root_cause_incident_id"
            case .configuration: "i.configuration"
            case .tenantId: "d.tenant_id"
            }
        }
    }

    package static let name: StaticString = "incidents"
    package static let defaultOrder: StaticString = "i.sequence"
    package static let columns: StaticString = """
        i.id, i.definition_id, i.instance_id, i.execution_id, i.create_time, i.type, i.activity_id,
        i.failed_activity_id, i.cause_incident_id, i.root_cause_incident_id, i.configuration, i.message, d.tenant_id,
        i.annotation, i.job_definition_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try IncidentView(
            id: row.id(),
            processDefinitionID: row.next(),
            processInstanceID: row.idIfAny(),
            executionID: row.idIfAny(),
            timestamp: row.moment(),
            type: row.next(),
            activityID: row.next(),
            failedActivityID: row.next(),
            causeIncidentID: row.id(),
            rootCauseIncidentID: row.id(),
            configuration: row.next(),
            message: row.next(),
            tenantID: row.next(),
            annotation: row.next(),
            jobDefinitionID: row.idIfAny()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(" from incident i left join process_definition d on d.id = i.definition_id")
    }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("i.id", id: incidentID)
        rows.equal("i.type", incidentType)
        rows.equal("i.message", incidentMessage)
        rows.like("i.message", incidentMessageLike)
        rows.equal("i.definition_id", processDefinitionID)
        rows.any("d.key", processDefinitionKeyIn)
        rows.equal("i.instance_id", id: processInstanceID)
        rows.equal("i.execution_id", id: executionID)
        rows.equal("i.activity_id", activityID)
        rows.equal("i.failed_activity_id", failedActivityID)
        rows.equal("i.cause_incident_id", id: causeIncidentID)
        rows.equal("i.root_cause_incident_id", id: rootCauseIncidentID)
        rows.equal("i.configuration", configuration)
        rows.any("i.job_definition_id", ids: jobDefinitionIDIn)
        rows.before("i.create_time", timestampBefore)
        rows.after("i.create_time", timestampAfter)
        rows.tenant("d.tenant_id", tenants)
    }
}

/// An open incident as lists show it.
package struct IncidentView: Sendable {
    package var id: IncidentID
    package var processDefinitionID: String?
    /// Nil when the incident is that of a batch's job.
    package var processInstanceID: ProcessInstanceID?
    package var executionID: ExecutionID?
    package var timestamp: Instant
    package var type: String
    package var activityID: String?
    package var failedActivityID: String?
    package var causeIncidentID: IncidentID
    package var rootCauseIncidentID: IncidentID
    package var configuration: String?
    package var message: String?
    package var tenantID: String?
    package var annotation: String?
    package var jobDefinitionID: JobDefinitionID?
}
