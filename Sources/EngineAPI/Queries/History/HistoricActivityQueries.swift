import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the history of activities.
    mutating func addHistoricActivityQueries() {
        addList("/history/activity-instance", .historicActivities)
        get("/history/activity-instance/{id}") { call in
            var query = HistoricActivityQuery()
            query.activityInstanceID = call.path["id"]
            guard let activity = try await call.engine.historicActivities(query).first else {
                throw APIError.notFound("Historic activity instance with id '\(call.path["id"])' does not exist")
            }
            return .json { activity.write(to: &$0) }
        }
    }
}

extension ListOperation<HistoricActivityQuery> {
    static let historicActivities = Self(
        read: { (filters, query) throws(APIError) in
            query.activityInstanceID = try filters.text("activityInstanceId")
            query.processInstanceID = try filters.text("processInstanceId")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.executionID = try filters.text("executionId")
            query.activityID = try filters.text("activityId")
            query.activityName = try filters.text("activityName")
            query.activityType = try filters.text("activityType")
            query.taskAssignee = try filters.text("taskAssignee")
            query.isFinished = try filters.flag("finished")
            query.isUnfinished = try filters.flag("unfinished")
            query.isCanceled = try filters.flag("canceled")
            query.completesScope = try filters.flag("completeScope")
            query.startedBefore = try filters.date("startedBefore")
            query.startedAfter = try filters.date("startedAfter")
            query.finishedBefore = try filters.date("finishedBefore")
            query.finishedAfter = try filters.date("finishedAfter")
            query.tenants = try filters.tenants()
        },
        list: { try await $0.historicActivities($1) },
        count: { try await $0.historicActivityCount($1) },
        write: { activity, _, writer in activity.write(to: &writer) }
    )
}

extension HistoricActivityView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("parentActivityInstanceId", parentActivityInstanceID)
        writer.member("activityId", activityID)
        writer.member("activityName", activityName)
        writer.member("activityType", activityType)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("executionId", executionID.description)
        writer.member("taskId", taskID?.description)
        writer.nulls("calledProcessInstanceId", "calledCaseInstanceId")
        writer.member("assignee", assignee)
        writer.member("startTime", startTime)
        writer.member("endTime", endTime)
        writer.duration("durationInMillis", from: startTime, to: endTime)
        writer.member("canceled", isCanceled)
        writer.member("completeScope", completesScope)
        writer.member("tenantId", tenantID)
        writer.member("removalTime", removalTime)
        writer.member("rootProcessInstanceId", rootProcessInstanceID.description)
        writer.endObject()
    }
}
