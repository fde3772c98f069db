import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading external tasks.
    mutating func addExternalTaskQueries() {
        addList("/external-task", .externalTasks)
        get("/external-task/{id}") { call in
            var query = ExternalTaskQuery()
            query.externalTaskID = call.path["id"]
            query.permittedTopics = call.permittedTopics
            guard let task = try await call.engine.externalTasks(query).first else {
                // No engine error stands behind this one, so it has no code.
                throw APIError(
                    .notFound,
                    "RestException",
                    "External task with id \(call.path["id"]) does not exist"
                )
            }
            return .json { task.write(to: &$0) }
        }
        get("/external-task/{id}/errorDetails", produces: .kinds([.text])) { call in
            var query = ExternalTaskQuery()
            query.externalTaskID = call.path["id"]
            try await call.checkMayRead(query)
            do {
                let details = try await call.engine.externalTaskErrorDetails(call.path["id"])
                return details.map { .text($0) } ?? .noContent
            } catch Rejection.externalTaskNotFound(let id) {
                throw APIError(
                    .internalServerError,
                    "NullValueException",
                    "No external task found with id \(id): externalTask is null",
                    code: 0
                )
            }
        }
        get("/external-task/topic-names") { call in
            let topics = try await call.engine.topicNames(
                onlyLocked: call.query.flag("withLockedTasks"),
                onlyUnlocked: call.query.flag("withUnlockedTasks"),
                onlyWithRetriesLeft: call.query.flag("withRetriesLeft")
            )
            let permitted = call.permittedTopics
            let visible = topics.filter { topic in permitted.map { topic.map($0.contains) ?? false } ?? true }
            return .json(list: visible) { $1.value($0) }
        }
    }
}

extension ListOperation<ExternalTaskQuery> {
    static let externalTasks = Self(
        read: { (filters, query) throws(APIError) in
            query.externalTaskID = try filters.text("externalTaskId")
            query.externalTaskIDIn = try filters.texts("externalTaskIdIn")
            query.topicName = try filters.text("topicName")
            query.workerID = try filters.text("workerId")
            query.activityID = try filters.text("activityId")
            query.activityIDIn = try filters.texts("activityIdIn")
            query.executionID = try filters.text("executionId")
            query.processInstanceID = try filters.text("processInstanceId")
            query.processInstanceIDIn = try filters.texts("processInstanceIdIn")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processDefinitionName = try filters.text("processDefinitionName")
            query.processDefinitionNameLike = try filters.text("processDefinitionNameLike")
            query.tenants = try filters.tenants()
            query.isLocked = try filters.flag("locked")
            query.isNotLocked = try filters.flag("notLocked")
            query.withRetriesLeft = try filters.flag("withRetriesLeft")
            query.noRetriesLeft = try filters.flag("noRetriesLeft")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.lockExpirationBefore = try filters.date("lockExpirationBefore")
            query.lockExpirationAfter = try filters.date("lockExpirationAfter")
            query.priorityAtLeast = try filters.int64("priorityHigherThanOrEquals")
            query.priorityAtMost = try filters.int64("priorityLowerThanOrEquals")
            query.processVariables = try filters.variables("processVariables")
        },
        list: { try await $0.externalTasks($1) },
        count: { try await $0.externalTaskCount($1) },
        write: { task, _, writer in task.write(to: &writer) },
        limit: { $1.permittedTopics = $0 }
    )
}

extension ExternalTaskView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("activityId", activityID)
        writer.member("activityInstanceId", activityInstanceID)
        writer.member("errorMessage", errorMessage)
        writer.member("executionId", id.description)
        writer.member("id", id.description)
        writer.member("lockExpirationTime", lockExpirationTime)
        writer.member("createTime", createTime)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionVersionTag", processDefinitionVersionTag)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("retries", retries)
        writer.member("suspended", isSuspended)
        writer.member("workerId", workerID)
        writer.member("topicName", topicName)
        writer.member("tenantId", tenantID)
        writer.member("priority", priority)
        writer.member("businessKey", businessKey)
        writer.endObject()
    }
}
