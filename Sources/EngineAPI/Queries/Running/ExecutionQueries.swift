import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading executions.
    mutating func addExecutionQueries() {
        addList("/execution", .executions)
        get("/execution/{id}") { call in
            var query = ExecutionQuery()
            query.executionID = call.path["id"]
            guard let execution = try await call.engine.executions(query).first else {
                throw APIError.notFound("Execution with id \(call.path["id"]) does not exist")
            }
            return .json { execution.write(to: &$0) }
        }
    }
}

extension ListOperation<ExecutionQuery> {
    static let executions = Self(
        read: { (filters, query) throws(APIError) in
            query.businessKey = try filters.text("businessKey")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processInstanceID = try filters.text("processInstanceId")
            query.activityID = try filters.text("activityId")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.incidents = try filters.incidents()
            query.tenants = try filters.tenants()
            query.variables = try filters.variables("variables")
            query.processVariables = try filters.variables("processVariables")
            query.messageSubscription = try filters.text("messageEventSubscriptionName")
            query.signalSubscription = try filters.text("signalEventSubscriptionName")
        },
        list: { try await $0.executions($1) },
        count: { try await $0.executionCount($1) },
        write: { execution, _, writer in execution.write(to: &writer) }
    )
}

extension ExecutionView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("ended", false)
        writer.member("tenantId", tenantID)
        writer.endObject()
    }
}
