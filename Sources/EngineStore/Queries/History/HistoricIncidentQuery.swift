package import EngineCore
package import Expressions
package import Postgres

/// Incidents, open or not.
package struct HistoricIncidentQuery: ListQuery {
    package var incidentID: String?
    package var incidentType: String?
    package var incidentMessage: String?
    package var incidentMessageLike: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionKeyIn: [String]?
    package var processInstanceID: String?
    package var executionID: String?
    package var createdBefore: Instant?
    package var createdAfter: Instant?
    package var endedBefore: Instant?
    package var endedAfter: Instant?
    package var activityID: String?
    package var failedActivityID: String?
    package var causeIncidentID: String?
    package var rootCauseIncidentID: String?
    package var configuration: String?
    package var historyConfiguration: String?
    package var jobDefinitionIDIn: [String]?
    /// `open`, `resolved` or `deleted`; contradicting ones match nothing.
    package var states: Set<String> = []
    package var tenants = TenantFilter()
    /// Whether rows of what runs count; off where this history is not kept.
    package var includesRunning = true
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case incidentId, incidentMessage, createTime, endTime, incidentType, executionId, activityId, processInstanceId
        case processDefinitionId, processDefinitionKey, causeIncidentId, rootCauseIncidentId, configuration
        case historyConfiguration, tenantId, incidentState

        package var column: StaticString {
            switch self {
            case .incidentId: "i.id"
            case .incidentMessage: "i.message"
            case .createTime: "i.create_time"
            case .endTime: "i.end_time"
            case .incidentType: "i.type"
            case .executionId: "i.execution_id"
            case .activityId: "i.activity_id"
            case .processInstanceId: "i.instance_id"
            case .processDefinitionId: "i.definition_id"
            case .processDefinitionKey: "d.key"
            case .causeIncidentId: "i.cause_incident_id"
            case .rootCauseIncidentId: "i.root_cause_incident_id"
            case .configuration: "i.configuration"
            case .historyConfiguration: "i.history_configuration"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id)"
            // The contract's order: open, resolved, deleted.
            case .incidentState: "array_position(array['open', 'resolved', 'deleted'], i.state)"
            }
        }
    }

    package static let name: StaticString = "historic incidents"
    package static let defaultOrder: StaticString = "i.create_time, i.is_running, i.sequence"
    package static let columns: StaticString = """
        i.id, d.key, i.definition_id, i.instance_id, i.execution_id, i.root_id, i.create_time, i.end_time,
        r.removal_time, i.type, i.activity_id, i.failed_activity_id, i.cause_incident_id, i.root_cause_incident_id,
        i.configuration, i.history_configuration, i.message, coalesce(d.tenant_id, x.tenant_id), i.state, i.annotation,
        i.job_definition_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricIncidentView(
            id: row.id(),
            processDefinitionKey: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.idIfAny(),
            executionID: row.idIfAny(),
            rootProcessInstanceID: row.idIfAny(),
            createTime: row.moment(),
            endTime: row.momentIfAny(),
            removalTime: row.momentIfAny(),
            type: row.next(),
            activityID: row.next(),
            failedActivityID: row.next(),
            causeIncidentID: row.id(),
            rootCauseIncidentID: row.id(),
            configuration: row.next(),
            historyConfiguration: row.next(),
            message: row.next(),
            tenantID: row.next(),
            state: row.next(),
            annotation: row.next(),
            jobDefinitionID: row.idIfAny()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select
                    id, definition_id, instance_id, execution_id, root_id, create_time, end_time, type, activity_id,
                    failed_activity_id, cause_incident_id, root_cause_incident_id, configuration, history_configuration,
                    message, state, annotation, job_definition_id, sequence, false as is_running
                from history_incident
                union all
                select
                    id, definition_id, instance_id, execution_id, root_id, create_time, null, type, activity_id,
                    failed_activity_id, cause_incident_id, root_cause_incident_id, configuration, history_configuration,
                    message, 'open', annotation, job_definition_id, sequence, true
                from incident
            ) as i
            left join process_definition d on d.id = i.definition_id
            left join deleted_definition x on x.id = i.definition_id
            left join history_process_instance r on r.id = i.root_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.add("not i.is_running", if: !includesRunning)
        rows.equal("i.id", id: incidentID)
        rows.equal("i.type", incidentType)
        rows.equal("i.message", incidentMessage)
        rows.like("i.message", incidentMessageLike)
        rows.equal("i.definition_id", processDefinitionID)
        rows.equal("d.key", processDefinitionKey)
        rows.any("d.key", processDefinitionKeyIn)
        rows.equal("i.instance_id", id: processInstanceID)
        rows.equal("i.execution_id", id: executionID)
        rows.before("i.create_time", createdBefore)
        rows.after("i.create_time", createdAfter)
        rows.before("i.end_time", endedBefore)
        rows.after("i.end_time", endedAfter)
        rows.equal("i.activity_id", activityID)
        rows.equal("i.failed_activity_id", failedActivityID)
        rows.equal("i.cause_incident_id", id: causeIncidentID)
        rows.equal("i.root_cause_incident_id", id: rootCauseIncidentID)
        rows.equal("i.configuration", configuration)
        rows.any("i.job_definition_id", ids: jobDefinitionIDIn)
        rows.equal("i.history_configuration", historyConfiguration)
        for state in states.sorted() { rows.equal("i.state", state) }
        rows.tenant("coalesce(d.tenant_id, x.tenant_id)", tenants)
    }
}

/// An incident as history shows it.
package struct HistoricIncidentView: Sendable {
    package var id: IncidentID
    package var processDefinitionKey: String?
    package var processDefinitionID: String?
    /// Nil when the incident is that of a batch's job.
    package var processInstanceID: ProcessInstanceID?
    package var executionID: ExecutionID?
    package var rootProcessInstanceID: ProcessInstanceID?
    package var createTime: Instant
    package var endTime: Instant?
    package var removalTime: Instant?
    package var type: String
    package var activityID: String?
    package var failedActivityID: String?
    package var causeIncidentID: IncidentID
    package var rootCauseIncidentID: IncidentID
    package var configuration: String?
    package var historyConfiguration: String?
    package var message: String?
    package var tenantID: String?
    /// `open`, `resolved` or `deleted`.
    package var state: String
    package var annotation: String?
    package var jobDefinitionID: JobDefinitionID?
}
