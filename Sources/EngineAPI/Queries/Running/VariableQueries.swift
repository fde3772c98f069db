import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading the variables of what runs: by scope, and as a list.
    mutating func addVariableQueries() {
        for resource in VariableResource.all { addVariables(of: resource) }

        addList("/variable-instance", .variableInstances)
        get("/variable-instance/{id}") { call in
            var query = VariableInstanceQuery()
            query.variableID = call.path["id"]
            guard let variable = try await call.engine.variableInstances(query).first else {
                throw APIError.notFound("Variable instance with Id '\(call.path["id"])' does not exist.")
            }
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValue", default: true))
            return .json { variable.write(as: form, to: &$0) }
        }
        get("/variable-instance/{id}/data", produces: .anything) { call in
            guard let value = try await call.engine.variableContent(call.path["id"]) else {
                throw APIError.notFound("Variable instance with Id '\(call.path["id"])' does not exist.")
            }
            return try .content(of: value, id: call.path["id"])
        }
    }

    private mutating func addVariables(of resource: VariableResource) {
        get(resource.pattern) { call in
            try await resource.check(call)
            let variables = try await call.engine.variables(seenFrom: call.path["id"], locally: resource.isLocal)
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValues", default: true))
            return try .json { (writer) throws(APIError) in
                try writer.variables(variables.map { (name: $0.name, value: $0.value) }, as: form)
            }
        }
        get(resource.pattern + "/{varName}") { call in
            let name = call.path["varName"]
            let value = try await resource.value(call)
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValue", default: true))
            return try await call.describing(resource.prefix(name)) {
                try .json { (writer) throws(APIError) in try writer.variable(name, value, as: form) }
            }
        }
        get(resource.pattern + "/{varName}/data", produces: .anything) { call in
            try .content(of: try await resource.value(call), id: call.path["id"])
        }
    }
}

extension VariableResource {
    fileprivate func prefix(_ name: String) -> String { "Cannot get \(noun) variable \(name): " }

    /// A task must exist as a task; everything else only as an execution.
    fileprivate func check(_ call: Call) async throws {
        guard isTask, !(try await call.engine.hasUserTask(call.path["id"])) else { return }
        throw notFound(call.path["id"])
    }

    fileprivate func value(_ call: Call) async throws -> VariableValue {
        let name = call.path["varName"]
        let value = try await call.describing(prefix(name)) {
            try await check(call)
            return try await call.engine.variable(name, seenFrom: call.path["id"], locally: isLocal)
        }
        guard let value else { throw APIError.notFound("\(noun) variable with name \(name) does not exist") }
        return value
    }
}

extension ValueForm {
    init(isDeserialized: Bool) { self = isDeserialized ? .deserialized : .serialized }
}

extension ListOperation<VariableInstanceQuery> {
    static let variableInstances = Self(
        read: { (filters, query) throws(APIError) in
            query.variableName = try filters.text("variableName")
            query.variableNameLike = try filters.text("variableNameLike")
            query.ignoresNameCase = try filters.flag("variableNamesIgnoreCase")
            query.processInstanceIDIn = try filters.texts("processInstanceIdIn")
            query.executionIDIn = try filters.texts("executionIdIn")
            query.variableScopeIDIn = try filters.texts("variableScopeIdIn")
            query.taskIDIn = try filters.texts("taskIdIn")
            query.activityInstanceIDIn = try filters.texts("activityInstanceIdIn")
            query.tenants = try filters.tenants()
            query.variableValues = try filters.variables("variableValues")
            query.matchesNothing = filters.has("caseInstanceIdIn", "caseExecutionIdIn", "batchIdIn")
        },
        list: { try await $0.variableInstances($1) },
        count: { try await $0.variableInstanceCount($1) },
        write: { variable, form, writer in variable.write(as: form, to: &writer) }
    )
}

extension VariableInstanceView {
    fileprivate func write(as form: ValueForm, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.listedValue(name, value, as: form)
        writer.member("id", id.description)
        writer.member("name", name)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("executionId", executionID.description)
        writer.nulls("caseInstanceId", "caseExecutionId", "batchId")
        writer.member("taskId", taskID?.description)
        writer.member("activityInstanceId", activityInstanceID)
        writer.member("tenantId", tenantID)
        writer.endObject()
    }
}
