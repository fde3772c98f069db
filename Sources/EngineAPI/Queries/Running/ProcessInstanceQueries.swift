import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading process instances.
    mutating func addProcessInstanceQueries() {
        addList("/process-instance", .processInstances)
        get("/process-instance/{id}") { call in
            var query = ProcessInstanceQuery()
            query.processInstanceIDs = [call.path["id"]]
            guard let instance = try await call.engine.processInstances(query).first else {
                throw APIError.notFound("Process instance with id \(call.path["id"]) does not exist")
            }
            return .json { instance.write(to: &$0) }
        }
        get("/process-instance/{id}/activity-instances") { call in
            do {
                let tree = try await call.engine.activityTree(ofProcessInstance: call.path["id"])
                return .json { ActivityTreeJSON(tree).write(to: &$0) }
            } catch Rejection.processInstanceNotFound(let id) {
                throw APIError.notFound("Process instance with id \(id) does not exist")
            }
        }
    }
}

extension ListOperation<ProcessInstanceQuery> {
    static let processInstances: ListOperation<ProcessInstanceQuery> = Self(
        read: { (filters, query) throws(APIError) in
            query.alternatives = try filters.alternatives(of: processInstances)
            query.processInstanceIDs = try filters.texts("processInstanceIds")
            if query.processInstanceIDs?.isEmpty == true {
                throw APIError(
                    .internalServerError,
                    "NullValueException",
                    "Set of process instance ids is empty",
                    code: 0
                )
            }
            query.businessKey = try filters.text("businessKey")
            query.businessKeyLike = try filters.text("businessKeyLike")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processDefinitionKeyNotIn = try filters.texts("processDefinitionKeyNotIn")
            query.deploymentID = try filters.text("deploymentId")
            query.rootProcessInstanceID = try filters.text("rootProcessInstanceId")
            query.isRoot = try filters.flag("rootProcessInstances")
            // No instance has called another one yet: all are leaves.
            _ = try filters.flag("leafProcessInstances")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.incidents = try filters.incidents()
            query.tenants = try filters.tenants()
            if try filters.flag("processDefinitionWithoutTenantId") { query.tenants.withoutTenantID = true }
            query.activityIDIn = try filters.texts("activityIdIn")
            query.variables = try filters.variables("variables")
            query.matchesNothing = filters.has(
                "superProcessInstance",
                "subProcessInstance",
                "superCaseInstance",
                "subCaseInstance",
                "caseInstanceId"
            )
        },
        list: { try await $0.processInstances($1) },
        count: { try await $0.processInstanceCount($1) },
        write: { instance, _, writer in instance.write(to: &writer) }
    )
}

extension ProcessInstanceView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("links")
        writer.beginArray()
        writer.endArray()
        writer.member("id", id.description)
        writer.member("definitionId", definitionID)
        writer.member("definitionKey", definitionKey)
        writer.member("businessKey", businessKey)
        writer.nulls("caseInstanceId")
        writer.member("ended", false)
        writer.member("suspended", isSuspended)
        writer.member("tenantId", tenantID)
        writer.endObject()
    }
}
