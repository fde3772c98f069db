import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading user tasks.
    mutating func addUserTaskQueries() {
        addList("/task", .userTasks)
        get("/task/{id}") { call in
            var query = UserTaskQuery()
            query.taskID = call.path["id"]
            guard let task = try await call.engine.userTasks(query).first else {
                throw APIError.notFound("No matching task with id \(call.path["id"])")
            }
            return Answer.json { task.write(to: &$0) }.varyingByAccept
        }
    }
}

extension ListOperation<UserTaskQuery> {
    static let userTasks = Self(
        read: { (filters, query) throws(APIError) in
            try refuse(filters)
            query.taskID = try filters.text("taskId")
            query.taskIDIn = try filters.texts("taskIdIn")
            query.processInstanceID = try filters.text("processInstanceId")
            query.processInstanceIDIn = try filters.texts("processInstanceIdIn")
            query.businessKey = try filters.text("processInstanceBusinessKey")
            query.businessKeyIn = try filters.texts("processInstanceBusinessKeyIn")
            query.businessKeyLike = try filters.text("processInstanceBusinessKeyLike")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processDefinitionName = try filters.text("processDefinitionName")
            query.processDefinitionNameLike = try filters.text("processDefinitionNameLike")
            query.executionID = try filters.text("executionId")
            query.activityInstanceIDIn = try filters.texts("activityInstanceIdIn")
            query.tenants = try filters.tenants()
            try readPeople(filters, &query)
            try readTexts(filters, &query)
            query.priority = try filters.int32("priority")
            query.maxPriority = try filters.int32("maxPriority")
            query.minPriority = try filters.int32("minPriority")
            query.due = try filters.moment(
                at: "dueDate",
                before: "dueBefore",
                after: "dueAfter",
                missing: "withoutDueDate"
            )
            query.followUp = try filters.moment(at: "followUpDate", before: "followUpBefore", after: "followUpAfter")
            query.followUpBeforeOrNotExistent = try filters.date("followUpBeforeOrNotExistent")
            query.created = try filters.moment(at: "createdOn", before: "createdBefore", after: "createdAfter")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.taskVariables = try filters.variables("taskVariables")
            query.processVariables = try filters.variables("processVariables")
            query.matchesNothing = filters.has(
                "caseInstanceId",
                "caseInstanceBusinessKey",
                "caseInstanceBusinessKeyLike",
                "caseDefinitionId",
                "caseDefinitionKey",
                "caseDefinitionName",
                "caseDefinitionNameLike",
                "caseExecutionId",
                "caseInstanceVariables",
                "parentTaskId",
                "delegationState"
            )
        },
        list: { try await $0.userTasks($1) },
        count: { try await $0.userTaskCount($1) },
        write: { task, _, writer in task.write(to: &writer) },
        variesByAccept: true
    )

    private static func refuse(_ filters: Filters) throws(APIError) {
        try filters.refuse(
            "orQueries",
            "updatedAfter",
            "updatedAfterExpression",
            "processInstanceBusinessKeyExpression",
            "processInstanceBusinessKeyLikeExpression",
            "assigneeExpression",
            "assigneeLikeExpression",
            "ownerExpression",
            "candidateGroupExpression",
            "candidateGroupsExpression",
            "candidateUserExpression",
            "involvedUserExpression",
            "dueDateExpression",
            "dueAfterExpression",
            "dueBeforeExpression",
            "followUpDateExpression",
            "followUpAfterExpression",
            "followUpBeforeExpression",
            "followUpBeforeOrNotExistentExpression",
            "createdOnExpression",
            "createdAfterExpression",
            "createdBeforeExpression",
            "withCommentAttachmentInfo",
            "withTaskVariablesInReturn",
            "withTaskLocalVariablesInReturn"
        )
    }

    private static func readPeople(_ filters: Filters, _ query: inout UserTaskQuery) throws(APIError) {
        query.assignee = try filters.text("assignee")
        query.assigneeLike = try filters.text("assigneeLike")
        query.assigneeIn = try filters.texts("assigneeIn")
        query.assigneeNotIn = try filters.texts("assigneeNotIn")
        query.owner = try filters.text("owner")
        query.isAssigned = try filters.flag("assigned")
        query.isUnassigned = try filters.flag("unassigned")
        query.candidates.user = try filters.text("candidateUser")
        query.candidates.group = try filters.text("candidateGroup")
        query.candidates.groupLike = try filters.text("candidateGroupLike")
        query.candidates.groups = try filters.texts("candidateGroups")
        query.candidates.includesAssigned = try filters.flag("includeAssignedTasks")
        query.candidates.withGroups = try filters.flag("withCandidateGroups")
        query.candidates.withoutGroups = try filters.flag("withoutCandidateGroups")
        query.candidates.withUsers = try filters.flag("withCandidateUsers")
        query.candidates.withoutUsers = try filters.flag("withoutCandidateUsers")
        query.candidates.involvedUser = try filters.text("involvedUser")
    }

    private static func readTexts(_ filters: Filters, _ query: inout UserTaskQuery) throws(APIError) {
        query.taskDefinitionKey = try filters.text("taskDefinitionKey")
        query.taskDefinitionKeyIn = try filters.texts("taskDefinitionKeyIn")
        query.taskDefinitionKeyNotIn = try filters.texts("taskDefinitionKeyNotIn")
        query.taskDefinitionKeyLike = try filters.text("taskDefinitionKeyLike")
        query.taskName = try filters.text("name")
        query.taskNameNotEqual = try filters.text("nameNotEqual")
        query.taskNameLike = try filters.text("nameLike")
        query.taskNameNotLike = try filters.text("nameNotLike")
        query.description = try filters.text("description")
        query.descriptionLike = try filters.text("descriptionLike")
    }
}

extension UserTaskView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("name", name)
        writer.member("assignee", assignee)
        writer.member("created", createTime)
        writer.nulls("lastUpdated")
        writer.member("due", dueTime)
        writer.member("followUp", followUpTime)
        writer.nulls("delegationState")
        writer.member("description", description)
        writer.member("executionId", id.description)
        writer.member("owner", owner)
        writer.nulls("parentTaskId")
        writer.member("priority", priority)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("taskDefinitionKey", taskDefinitionKey)
        writer.nulls("caseExecutionId", "caseInstanceId", "caseDefinitionId")
        writer.member("suspended", isSuspended)
        writer.member("formKey", formKey)
        writer.nulls("camundaFormRef")
        writer.member("tenantId", tenantID)
        writer.member("taskState", "Created")
        writer.endObject()
    }
}
