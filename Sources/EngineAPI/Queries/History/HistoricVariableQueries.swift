import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading the history of variables.
    mutating func addHistoricVariableQueries() {
        addList("/history/variable-instance", .historicVariables)
        get("/history/variable-instance/{id}") { call in
            var query = HistoricVariableQuery()
            query.variableID = call.path["id"]
            query.includesDeleted = true
            guard let variable = try await call.engine.historicVariables(query).first else {
                throw APIError.notFound("Historic variable instance with Id '\(call.path["id"])' does not exist.")
            }
            let form = ValueForm(isDeserialized: call.query.flag("deserializeValues", default: true))
            return .json { variable.write(as: form, to: &$0) }
        }
        get("/history/variable-instance/{id}/data", produces: .anything) { call in
            guard let value = try await call.engine.historicVariableContent(call.path["id"]) else {
                throw APIError.notFound("Historic variable instance with Id '\(call.path["id"])' does not exist.")
            }
            return try .content(of: value, id: call.path["id"])
        }
        delete("/history/variable-instance/{id}") { call in
            let id = call.path["id"]
            switch try await call.engine.deleteHistoricVariable(id) {
            case .deleted: return .noContent
            case .stillThere:
                throw APIError.invalidRequest("The variable '\(id)' is still there: its history cannot be deleted.")
            case .missing:
                var error = APIError.notFound("No historic variable instance found with id: \(id): variable is null")
                error.code = 0
                throw error
            }
        }
    }
}

extension ListOperation<HistoricVariableQuery> {
    static let historicVariables = Self(
        read: { (filters, query) throws(APIError) in
            query.variableName = try filters.text("variableName")
            query.variableNameLike = try filters.text("variableNameLike")
            query.variableNameIn = try filters.texts("variableNameIn")
            query.ignoresNameCase = try filters.flag("variableNamesIgnoreCase")
            query.value = try value(filters)
            query.variableTypeIn = try filters.texts("variableTypeIn")?.map(\.withUpperCaseInitial)
            query.includesDeleted = try filters.flag("includeDeleted")
            query.processInstanceID = try filters.text("processInstanceId")
            query.processInstanceIDIn = try filters.texts("processInstanceIdIn")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKey = try filters.text("processDefinitionKey")
            query.executionIDIn = try filters.texts("executionIdIn")
            query.taskIDIn = try filters.texts("taskIdIn")
            query.activityInstanceIDIn = try filters.texts("activityInstanceIdIn")
            query.tenants = try filters.tenants()
            query.matchesNothing = filters.has("caseInstanceId", "caseExecutionIdIn", "caseActivityIdIn")
        },
        list: { try await $0.historicVariables($1) },
        count: { try await $0.historicVariableCount($1) },
        write: { variable, form, writer in variable.write(as: form, to: &writer) }
    )

    /// The value that a variable of a given name must have; in a query string it is text.
    private static func value(_ filters: Filters) throws(APIError) -> VariableFilter? {
        guard filters.has("variableValue") else { return nil }
        guard let name = try filters.text("variableName") else {
            throw .invalidRequest(
                """
                Only a single variable value parameter specified: variable name and value are required to be able to \
                query after a specific variable value.
                """
            )
        }
        let value: JSONValue =
            switch filters.source {
            case .query(let parameters): parameters["variableValue"].map { .string($0) } ?? .null
            case .body(let body): body.value("variableValue") ?? .null
            }
        let condition = VariableCondition(name: name, comparison: "eq", value: value)
        var filter = try condition.filter(of: "variable")
        filter.ignoresNameCase = try filters.flag("variableNamesIgnoreCase")
        filter.ignoresValueCase = try filters.flag("variableValuesIgnoreCase")
        return filter
    }
}

extension String {
    /// The contract reads names of types with an initial of either case.
    fileprivate var withUpperCaseInitial: String { prefix(1).uppercased() + dropFirst() }
}

extension HistoricVariableView {
    fileprivate func write(as form: ValueForm, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.listedValue(name, value, as: form)
        writer.member("id", id.description)
        writer.member("name", name)
        writer.member("processDefinitionKey", processDefinitionKey)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID.description)
        writer.member("executionId", executionID.description)
        writer.member("activityInstanceId", activityInstanceID)
        writer.nulls("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId")
        writer.member("taskId", taskID?.description)
        writer.member("tenantId", tenantID)
        writer.member("state", state)
        writer.member("createTime", createTime)
        writer.member("removalTime", removalTime)
        writer.member("rootProcessInstanceId", rootProcessInstanceID.description)
        writer.endObject()
    }
}
