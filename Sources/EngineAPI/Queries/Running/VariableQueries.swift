import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading the variables of what runs: by scope, and as a list.
    mutating func addVariableQueries() {
        addVariables(VariableScope(path: "/process-instance/{id}/variables", noun: "process instance", isLocal: false))
        addVariables(VariableScope(path: "/execution/{id}/localVariables", noun: "execution", isLocal: true))
        addVariables(VariableScope(path: "/task/{id}/variables", noun: "task", isLocal: false))
        addVariables(VariableScope(path: "/task/{id}/localVariables", noun: "task", isLocal: true))

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

    private mutating func addVariables(_ scope: VariableScope) {
        get(scope.path) { call in
            try await scope.check(call)
            let variables = try await call.engine.variables(seenFrom: call.path["id"], locally: scope.isLocal)
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValues", default: true))
            return try .json { (writer) throws(APIError) in
                try writer.variables(variables.map { (name: $0.name, value: $0.value) }, as: form)
            }
        }
        get(scope.path + "/{varName}") { call in
            let name = call.path["varName"]
            let value = try await scope.value(call)
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValue", default: true))
            return try await call.describing(scope.prefix(name)) {
                try .json { (writer) throws(APIError) in try writer.variable(name, value, as: form) }
            }
        }
        get(scope.path + "/{varName}/data", produces: .anything) { call in
            try .content(of: try await scope.value(call), id: call.path["id"])
        }
    }
}

/// Where the path of a variable's operation begins.
private struct VariableScope {
    var path: String
    /// What errors call the owner.
    var noun: String
    /// Whether enclosing scopes do not count.
    var isLocal: Bool

    func prefix(_ name: String) -> String { "Cannot get \(noun) variable \(name): " }

    /// A task must exist as a task; everything else only as an execution.
    func check(_ call: Call) async throws {
        guard noun == "task", !(try await call.engine.hasUserTask(call.path["id"])) else { return }
        throw APIError(
            .internalServerError,
            "NullValueException",
            "task \(call.path["id"]) doesn't exist: task is null",
            code: 0
        )
    }

    func value(_ call: Call) async throws -> VariableValue {
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
