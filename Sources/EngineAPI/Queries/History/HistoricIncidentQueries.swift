import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the history of incidents.
    mutating func addHistoricIncidentQueries() {
        addList("/history/incident", alsoByPost: false, .historicIncidents)
    }
}

extension ListOperation<HistoricIncidentQuery> {
    static let historicIncidents = Self(
        read: { (filters, query) throws(APIError) in
            query.incidentID = try filters.text("incidentId")
            query.incidentType = try filters.text("incidentType")
            query.incidentMessage = try filters.text("incidentMessage")
            query.incidentMessageLike = try filters.text("incidentMessageLike")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processInstanceID = try filters.text("processInstanceId")
            query.executionID = try filters.text("executionId")
            query.createdBefore = try filters.date("createTimeBefore")
            query.createdAfter = try filters.date("createTimeAfter")
            query.endedBefore = try filters.date("endTimeBefore")
            query.endedAfter = try filters.date("endTimeAfter")
            query.activityID = try filters.text("activityId")
            query.failedActivityID = try filters.text("failedActivityId")
            query.causeIncidentID = try filters.text("causeIncidentId")
            query.rootCauseIncidentID = try filters.text("rootCauseIncidentId")
            query.configuration = try filters.text("configuration")
            query.historyConfiguration = try filters.text("historyConfiguration")
            for state in ["open", "resolved", "deleted"] where try filters.flag(state) { query.states.insert(state) }
            query.tenants = try filters.tenants()
            query.jobDefinitionIDIn = try filters.texts("jobDefinitionIdIn")
        },
        list: { try await $0.historicIncidents($1) },
        count: { try await $0.historicIncidentCount($1) },
        write: { incident, _, writer in incident.write(to: &writer) }
    )
}

extension HistoricIncidentView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID?.description)
        writer.member("executionId", executionID?.description)
        writer.member("rootProcessInstanceId", rootProcessInstanceID?.description)
        writer.member("createTime", createTime)
        writer.member("endTime", endTime)
        writer.member("removalTime", removalTime)
        writer.member("incidentType", type)
        writer.member("activityId", activityID)
        writer.member("failedActivityId", failedActivityID)
        writer.member("causeIncidentId", causeIncidentID.description)
        writer.member("rootCauseIncidentId", rootCauseIncidentID.description)
        writer.member("configuration", configuration)
        writer.member("historyConfiguration", historyConfiguration)
        writer.member("incidentMessage", message)
        writer.member("tenantId", tenantID)
        writer.member("jobDefinitionId", jobDefinitionID?.description)
        writer.member("open", state == "open")
        writer.member("deleted", state == "deleted")
        writer.member("resolved", state == "resolved")
        writer.member("annotation", annotation)
        writer.endObject()
    }
}
