import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading user tasks.
    mutating func addUserTaskQueries() {
        addList("/task", .userTasks)
        get("/task/{id}", produces: .kinds([.json, .hal])) { call in
            let filters = Filters(call.query)
            var query = UserTaskQuery()
            query.taskID = call.path["id"]
            query.includedVariables = try filters.includedVariables()
            let withAttachmentInfo = try filters.flag("withCommentAttachmentInfo")
            guard let task = try await call.engine.userTasks(query).first else {
                throw APIError.notFound("No matching task with id \(call.path["id"])")
            }
            guard call.mediaType == .json else { return try await .hal(task: task, call.engine).varyingByAccept }
            return try Answer.json { (writer) throws(APIError) in
                try task.write(withAttachmentInfo: withAttachmentInfo, to: &writer)
            }.varyingByAccept
        }
        get("/task/{id}/form") { call in
            var query = UserTaskQuery()
            query.taskID = call.path["id"]
            guard let task = try await call.engine.userTasks(query).first else {
                throw APIError(.badRequest, "RestException", "Cannot get form for task \(call.path["id"])", code: 0)
            }
            return .json { writer in
                writer.beginObject()
                writer.member("key", task.formKey)
                writer.formReference(task.formReference)
                writer.nulls("contextPath")
                writer.endObject()
            }
        }
    }
}

extension ListOperation<UserTaskQuery> {
    static let userTasks: Self = Self(
        read: { (filters, query) throws(APIError) in
            try refuseExpressions(filters)
            try refuseWhatTakesTurns(filters)
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
            query.parentTaskID = try filters.text("parentTaskId")
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
            query.updatedAfter = try filters.date("updatedAfter")
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
                "caseInstanceVariables"
            )
            query.includedVariables = try filters.includedVariables()
            query.hasAttachmentInfo = try filters.flag("withCommentAttachmentInfo")
            query.alternatives = try filters.alternatives(of: userTasks)
        },
        list: { try await $0.userTasks($1) },
        count: { try await $0.userTaskCount($1) },
        write: { task, _, writer in try task.write(withAttachmentInfo: task.hasAttachmentInfo, to: &writer) },
        sort: { (filters, query) throws(APIError) in query.order = try filters.userTaskOrder() },
        hal: { call, query, tasks in
            try await .hal(tasks: tasks, count: try await call.engine.userTaskCount(query), call.engine)
        }
    )

    /// Expressions in a query would be evaluated with the rights of the server.
    private static func refuseExpressions(_ filters: Filters) throws(APIError) {
        let names = [
            "processInstanceBusinessKey", "processInstanceBusinessKeyLike", "assignee", "assigneeLike", "owner",
            "candidateGroup", "candidateGroups", "candidateUser", "involvedUser", "dueDate", "dueAfter", "dueBefore",
            "followUpDate", "followUpAfter", "followUpBefore", "followUpBeforeOrNotExistent", "createdOn",
            "createdAfter", "createdBefore", "updatedAfter",
        ]
        for name in names where filters.has("\(name)Expression") {
            throw APIError(
                .badRequest,
                "BadUserRequestException",
                "Expressions are forbidden in adhoc queries: '\(name)Expression'",
                code: 0
            )
        }
    }

    /// Filters that the contract does not take together, or not alone.
    private static func refuseWhatTakesTurns(_ filters: Filters) throws(APIError) {
        guard filters.has("includeAssignedTasks") else { return }
        guard filters.has("candidateUser", "candidateGroup", "candidateGroups", "candidateGroupLike") else {
            throw .engine(
                """
                Invalid query usage: candidateUser, candidateGroup, candidateGroupIn has to be called before \
                'includeAssignedTasks'.
                """
            )
        }
    }

    private static func readPeople(_ filters: Filters, _ query: inout UserTaskQuery) throws(APIError) {
        query.assignee = try filters.text("assignee")
        query.assigneeLike = try filters.text("assigneeLike")
        query.assigneeIn = try filters.texts("assigneeIn")
        query.assigneeNotIn = try filters.texts("assigneeNotIn")
        query.owner = try filters.text("owner")
        if let state = try filters.text("delegationState") {
            query.delegation = try DelegationState(state, of: "delegationState")
        }
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

extension Filters {
    /// Which variables tasks are to come with; those that are visible include the local ones.
    fileprivate func includedVariables() throws(APIError) -> UserTaskQuery.IncludedVariables? {
        if try flag("withTaskVariablesInReturn") { return .visible }
        return try flag("withTaskLocalVariablesInReturn") ? .local : nil
    }
}
