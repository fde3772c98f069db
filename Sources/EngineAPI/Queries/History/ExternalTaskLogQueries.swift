import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the log of external tasks.
    mutating func addExternalTaskLogQueries() {
        addList("/history/external-task-log", .externalTaskLog)
        get("/history/external-task-log/{id}") { call in
            var query = ExternalTaskLogQuery()
            query.logID = call.path["id"]
            query.permittedTopics = call.permittedTopics
            guard let entry = try await call.engine.externalTaskLog(query).first else {
                throw APIError.notFound("Historic external task log with id \(call.path["id"]) does not exist")
            }
            return .json { entry.write(to: &$0) }
        }
        get("/history/external-task-log/{id}/error-details", produces: .kinds([.text])) { call in
            try await Self.checkMayRead(call)
            guard let details = try await call.engine.externalTaskLogErrorDetails(call.path["id"]) else {
                throw APIError.notFound(
                    "No historic external task log found with id \(call.path["id"]): historicExternalTaskLog is null"
                )
            }
            return details.map { .text($0) } ?? .noContent
        }
    }

    /// Refuses to show details of an entry whose topic the caller is not allowed to see.
    private static func checkMayRead(_ call: Call) async throws {
        guard let topics = call.permittedTopics else { return }
        var query = ExternalTaskLogQuery()
        query.logID = call.path["id"]
        for entry in try await call.engine.externalTaskLog(query) {
            if let topic = entry.topicName, topics.contains(topic) { continue }
            throw APIError.notPermitted([
                MissingPermission("READ_HISTORY", on: "ProcessDefinition", entry.processDefinitionKey)
            ])
        }
    }
}

extension ListOperation<ExternalTaskLogQuery> {
    static let externalTaskLog = Self(
        read: { (filters, query) throws(APIError) in
            query.logID = try filters.text("logId")
            query.externalTaskID = try filters.text("externalTaskId")
            query.topicName = try filters.text("topicName")
            query.workerID = try filters.text("workerId")
            query.errorMessage = try filters.text("errorMessage")
            query.activityIDIn = try filters.texts("activityIdIn")
            query.activityInstanceIDIn = try filters.texts("activityInstanceIdIn")
            query.executionIDIn = try filters.texts("executionIdIn")
            query.processInstanceID = try filters.text("processInstanceId")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.tenants = try filters.tenants()
            query.priorityAtLeast = try filters.int64("priorityHigherThanOrEquals")
            query.priorityAtMost = try filters.int64("priorityLowerThanOrEquals")
            query.state = try state(filters)
        },
        list: { try await $0.externalTaskLog($1) },
        count: { try await $0.externalTaskLogCount($1) },
        write: { entry, _, writer in entry.write(to: &writer) },
        limit: { $1.permittedTopics = $0 }
    )

    /// The wanted kind of entry; of several the later one counts.
    private static func state(_ filters: Filters) throws(APIError) -> String? {
        var state: String?
        if try filters.flag("creationLog") { state = "created" }
        if try filters.flag("failureLog") { state = "failed" }
        if try filters.flag("successLog") { state = "successful" }
        if try filters.flag("deletionLog") { state = "deleted" }
        return state
    }
}

extension ExternalTaskLogView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("timestamp", timestamp)
        writer.member("removalTime", removalTime)
        writer.member("externalTaskId", externalTaskID.description)
        writer.member("topicName", topicName)
        writer.member("workerId", workerID)
        writer.member("priority", priority)
        writer.member("retries", retries)
        writer.member("errorMessage", errorMessage)
        writer.member("activityId", activityID)
        writer.member("activityInstanceId", activityInstanceID)
        writer.member("executionId", executionID.description)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("tenantId", tenantID)
        writer.member("rootProcessInstanceId", rootProcessInstanceID.description)
        writer.member("creationLog", state == "created")
        writer.member("failureLog", state == "failed")
        writer.member("successLog", state == "successful")
        writer.member("deletionLog", state == "deleted")
        writer.endObject()
    }
}
