import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the history of user tasks.
    mutating func addHistoricTaskQueries() {
        addList("/history/task", .historicTasks)
    }
}

extension ListOperation<HistoricTaskQuery> {
    static let historicTasks: Self = Self(
        read: { (filters, query) throws(APIError) in
            // Who was a candidate is not kept.
            try filters.refuse(
                "taskInvolvedUser",
                "taskInvolvedGroup",
                "taskHadCandidateUser",
                "taskHadCandidateGroup",
                "withCandidateGroups",
                "withoutCandidateGroups"
            )
            query.taskID = try filters.text("taskId")
            query.parentTaskID = try filters.text("taskParentTaskId")
            query.processInstanceID = try filters.text("processInstanceId")
            query.rootProcessInstanceID = try filters.text("rootProcessInstanceId")
            query.businessKey = try filters.text("processInstanceBusinessKey")
            query.businessKeyIn = try filters.texts("processInstanceBusinessKeyIn")
            query.businessKeyLike = try filters.text("processInstanceBusinessKeyLike")
            query.executionID = try filters.text("executionId")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionName = try filters.text("processDefinitionName")
            query.activityInstanceIDIn = try filters.texts("activityInstanceIdIn")
            query.tenants = try filters.tenants()
            try readTexts(filters, &query)
            try readMoments(filters, &query)
            query.priority = try filters.int32("taskPriority")
            query.isAssigned = try filters.flag("assigned")
            query.isUnassigned = try filters.flag("unassigned")
            query.isFinished = try filters.flag("finished")
            query.isUnfinished = try filters.flag("unfinished")
            query.isProcessFinished = try filters.flag("processFinished")
            query.isProcessUnfinished = try filters.flag("processUnfinished")
            query.taskVariables = try filters.variables("taskVariables")
            query.processVariables = try filters.variables("processVariables")
            query.matchesNothing = filters.has(
                "caseInstanceId",
                "caseExecutionId",
                "caseDefinitionId",
                "caseDefinitionKey",
                "caseDefinitionName"
            )
            query.alternatives = try filters.alternatives(of: historicTasks)
        },
        list: { try await $0.historicTasks($1) },
        count: { try await $0.historicTaskCount($1) },
        write: { task, _, writer in task.write(to: &writer) }
    )

    private static func readTexts(_ filters: Filters, _ query: inout HistoricTaskQuery) throws(APIError) {
        query.taskName = try filters.text("taskName")
        query.taskNameLike = try filters.text("taskNameLike")
        query.description = try filters.text("taskDescription")
        query.descriptionLike = try filters.text("taskDescriptionLike")
        query.taskDefinitionKey = try filters.text("taskDefinitionKey")
        query.taskDefinitionKeyIn = try filters.texts("taskDefinitionKeyIn")
        query.deleteReason = try filters.text("taskDeleteReason")
        query.deleteReasonLike = try filters.text("taskDeleteReasonLike")
        query.assignee = try filters.text("taskAssignee")
        query.assigneeLike = try filters.text("taskAssigneeLike")
        query.owner = try filters.text("taskOwner")
        query.ownerLike = try filters.text("taskOwnerLike")
    }

    private static func readMoments(_ filters: Filters, _ query: inout HistoricTaskQuery) throws(APIError) {
        query.due = try filters.moment(
            at: "taskDueDate",
            before: "taskDueDateBefore",
            after: "taskDueDateAfter",
            missing: "withoutTaskDueDate"
        )
        query.followUp = try filters.moment(
            at: "taskFollowUpDate",
            before: "taskFollowUpDateBefore",
            after: "taskFollowUpDateAfter"
        )
        query.startedBefore = try filters.date("startedBefore")
        query.startedAfter = try filters.date("startedAfter")
        query.finishedBefore = try filters.date("finishedBefore")
        query.finishedAfter = try filters.date("finishedAfter")
    }
}

extension HistoricTaskView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID?.description)
        writer.member("executionId", processInstanceID.map { _ in executionID.description })
        writer.nulls("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId")
        writer.member("activityInstanceId", activityInstanceID)
        writer.member("name", name)
        writer.member("description", description)
        writer.member("deleteReason", deleteReason)
        writer.member("owner", owner)
        writer.member("assignee", assignee)
        writer.member("startTime", startTime)
        writer.member("endTime", endTime)
        writer.duration("duration", from: startTime, to: endTime)
        writer.member("taskDefinitionKey", taskDefinitionKey)
        writer.member("priority", priority)
        writer.member("due", dueTime)
        writer.member("parentTaskId", parentTaskID?.description)
        writer.member("followUp", followUpTime)
        writer.member("tenantId", tenantID)
        writer.member("removalTime", removalTime)
        writer.member("rootProcessInstanceId", rootProcessInstanceID?.description)
        writer.member("taskState", state)
        writer.endObject()
    }

    private var state: String {
        guard endTime != nil else { return lastUpdateTime == nil ? "Created" : "Updated" }
        return deleteReason == "completed" ? "Completed" : "Deleted"
    }
}
