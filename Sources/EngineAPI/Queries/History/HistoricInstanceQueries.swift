import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the history of process instances.
    mutating func addHistoricInstanceQueries() {
        addList("/history/process-instance", .historicProcessInstances)
        get("/history/process-instance/{id}") { call in
            var query = HistoricInstanceQuery()
            query.processInstanceID = call.path["id"]
            guard let instance = try await call.engine.historicProcessInstances(query).first else {
                throw APIError.notFound("Historic process instance with id \(call.path["id"]) does not exist")
            }
            return .json { instance.write(to: &$0) }
        }
    }
}

extension ListOperation<HistoricInstanceQuery> {
    static let historicProcessInstances: ListOperation<HistoricInstanceQuery> = Self(
        read: { (filters, query) throws(APIError) in
            try filters.refuse("executedJobAfter", "executedJobBefore")
            query.alternatives = try filters.alternatives(of: historicProcessInstances)
            query.processInstanceID = try filters.text("processInstanceId")
            query.processInstanceIDs = try filters.texts("processInstanceIds")
            query.processInstanceIDNotIn = try filters.texts("processInstanceIdNotIn")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processDefinitionKeyNotIn = try filters.texts("processDefinitionKeyNotIn")
            query.processDefinitionName = try filters.text("processDefinitionName")
            query.processDefinitionNameLike = try filters.text("processDefinitionNameLike")
            query.businessKey = try filters.text("processInstanceBusinessKey")
            query.businessKeyIn = try filters.texts("processInstanceBusinessKeyIn")
            query.businessKeyLike = try filters.text("processInstanceBusinessKeyLike")
            query.rootProcessInstanceID = try filters.text("rootProcessInstanceId")
            query.isRoot = try filters.flag("rootProcessInstances")
            query.isFinished = try filters.flag("finished")
            query.isUnfinished = try filters.flag("unfinished")
            query.startedBy = try filters.text("startedBy")
            query.tenants = try filters.tenants()
            query.variables = try filters.variables("variables")
            query.states = try states(filters)
            try readMoments(filters, &query)
            try readActivities(filters, &query)
            try readIncidents(filters, &query)
            query.matchesNothing =
                filters.has(
                    "superProcessInstanceId",
                    "subProcessInstanceId",
                    "superCaseInstanceId",
                    "subCaseInstanceId",
                    "caseInstanceId"
                )
            // There are no jobs yet, so none is being tried again.
            if try filters.flag("withJobsRetrying") { query.matchesNothing = true }
        },
        list: { try await $0.historicProcessInstances($1) },
        count: { try await $0.historicProcessInstanceCount($1) },
        write: { instance, _, writer in instance.write(to: &writer) }
    )

    private static func readMoments(_ filters: Filters, _ query: inout HistoricInstanceQuery) throws(APIError) {
        query.startedBefore = try filters.date("startedBefore")
        query.startedAfter = try filters.date("startedAfter")
        query.finishedBefore = try filters.date("finishedBefore")
        query.finishedAfter = try filters.date("finishedAfter")
    }

    private static func readActivities(_ filters: Filters, _ query: inout HistoricInstanceQuery) throws(APIError) {
        query.executedActivityBefore = try filters.date("executedActivityBefore")
        query.executedActivityAfter = try filters.date("executedActivityAfter")
        query.executedActivityIDIn = try filters.texts("executedActivityIdIn")
        query.activeActivityIDIn = try filters.texts("activeActivityIdIn")
        guard let active = try filters.texts("activityIdIn"), !active.isEmpty else { return }
        guard let other = query.activeActivityIDIn, !other.isEmpty else {
            query.activeActivityIDIn = active
            return
        }
        throw .invalidRequest("The filters 'activityIdIn' and 'activeActivityIdIn' cannot be combined.")
    }

    private static func readIncidents(_ filters: Filters, _ query: inout HistoricInstanceQuery) throws(APIError) {
        query.withIncidents = try filters.flag("withIncidents")
        query.withRootIncidents = try filters.flag("withRootIncidents")
        query.incidentIDIn = try filters.texts("incidentIdIn")
        query.incidentType = try filters.text("incidentType")
        query.incidentStatus = try filters.text("incidentStatus")
        if let status = query.incidentStatus, status != "open", status != "resolved" {
            throw .invalidRequest("'\(status)' is not an incident status: use 'open' or 'resolved'")
        }
        query.incidentMessage = try filters.text("incidentMessage")
        query.incidentMessageLike = try filters.text("incidentMessageLike")
    }

    /// The wanted states; several are alternatives.
    private static func states(_ filters: Filters) throws(APIError) -> [String] {
        var states: [String] = []
        if try filters.flag("active") { states.append("ACTIVE") }
        if try filters.flag("suspended") { states.append("SUSPENDED") }
        if try filters.flag("completed") { states.append("COMPLETED") }
        if try filters.flag("externallyTerminated") { states.append("EXTERNALLY_TERMINATED") }
        if try filters.flag("internallyTerminated") { states.append("INTERNALLY_TERMINATED") }
        return states
    }
}

extension HistoricInstanceView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("businessKey", businessKey)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionName", processDefinitionName)
        writer.member("processDefinitionVersion", processDefinitionVersion)
        writer.member("startTime", startTime)
        writer.member("endTime", endTime)
        writer.member("removalTime", removalTime)
        writer.duration("durationInMillis", from: startTime, to: endTime)
        writer.member("startUserId", startUserID)
        writer.member("startActivityId", startActivityID)
        writer.member("deleteReason", deleteReason)
        writer.member("rootProcessInstanceId", rootProcessInstanceID.description)
        writer.nulls("superProcessInstanceId", "superCaseInstanceId", "caseInstanceId")
        writer.member("tenantId", tenantID)
        writer.member("state", state)
        writer.nulls("restartedProcessInstanceId")
        writer.endObject()
    }
}
