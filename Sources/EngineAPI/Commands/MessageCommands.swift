import EngineCore
import EngineRuntime
import EngineStore
import Expressions
import HTTPTypes
import JSON

extension RouteTable {
    /// Giving messages and signals to those who wait for them, and letting executions go on.
    mutating func addMessageCommands() {
        post("/message") { try await $0.correlateMessage() }
        post("/signal") { try await $0.throwSignal() }
        post("/execution/{id}/messageSubscriptions/{messageName}/trigger") { try await $0.triggerMessage() }
        post("/execution/{id}/signal") { try await $0.signalExecution() }
    }
}

extension Call {
    fileprivate func triggerMessage() async throws -> Answer {
        let (id, name) = (path["id"], path["messageName"])
        let variables = try await fields().variables("variables")
        return try await describing("Cannot trigger message \(name) for execution \(id): ") {
            try await engine.triggerMessage(name, ofExecution: id, variables: try variables.inputs())
            return .noContent
        }
    }

    fileprivate func signalExecution() async throws -> Answer {
        let id = path["id"]
        let variables = try await fields().variables("variables")
        return try await describing("Cannot signal execution \(id): ") {
            try await engine.signalExecution(id, variables: try variables.inputs())
            return .noContent
        }
    }
}

// MARK: Signals

extension Call {
    fileprivate func throwSignal() async throws -> Answer {
        let fields = try await fields()
        let name = try fields.string("name")
        let execution = try fields.string("executionId")
        let tenant = TenantFilter(try fields.string("tenantId"), without: try fields.bool("withoutTenantId"))
        guard let name else { throw APIError.invalidRequest("No signal name given") }
        let variables: [VariableInput]
        do {
            variables = try fields.variables("variables").inputs()
        } catch {
            throw error.prefixed("Cannot throw signal: ", engineStatus: .kept)
        }
        if let execution {
            guard tenant == TenantFilter() else {
                throw APIError(
                    .badRequest,
                    "BadUserRequestException",
                    "Cannot deliver a signal with a tenant-id to a single execution.",
                    code: 0
                )
            }
            try await engine.signal(name, execution: execution, variables: variables)
        } else {
            var signal = SignalBroadcast(name: name)
            signal.tenant = tenant
            signal.variables = variables
            try await engine.broadcast(signal)
        }
        return .noContent
    }
}

// MARK: Correlation

extension Call {
    fileprivate func correlateMessage() async throws -> Answer {
        let fields = try await fields()
        let request = try CorrelationRequest(fields)
        var message = request.message
        do {
            message.processVariables = try fields.variables("correlationKeys").conditions("correlationKeys")
            message.localVariables = try fields.variables("localCorrelationKeys").conditions("localCorrelationKeys")
            message.variables = try fields.variables("processVariables").inputs()
            message.variablesOfExecution = try fields.variables("processVariablesLocal").inputs()
        } catch {
            throw error.prefixed("Cannot deliver message: ", engineStatus: .kept)
        }
        let results = request.isForAll ? try await engine.correlateAll(message) : [try await engine.correlate(message)]
        guard request.wantsResult else { return .noContent }
        return try Answer.json(list: results) { (result, writer) throws(APIError) in
            try writer.correlated(result, withVariables: message.wantsVariables, self)
        }
    }
}

/// What a request asks, but for its variables.
private struct CorrelationRequest {
    var message: MessageCorrelation
    var isForAll: Bool
    var wantsResult: Bool

    init(_ fields: JSONFields) throws(APIError) {
        let name = try fields.string("messageName")
        let (tenant, withoutTenant) = (try fields.string("tenantId"), try fields.bool("withoutTenantId"))
        isForAll = try fields.bool("all")
        wantsResult = try fields.bool("resultEnabled")
        let wantsVariables = try fields.bool("variablesInResultEnabled")
        guard let name else { throw .invalidRequest("No message name supplied") }
        guard tenant == nil || !withoutTenant else {
            throw .invalidRequest("Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'.")
        }
        guard wantsResult || !wantsVariables else {
            throw .invalidRequest(
                "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true."
            )
        }
        guard try fields.variables("processVariablesToTriggeredScope").isEmpty else {
            throw .invalidRequest("processVariablesToTriggeredScope is not supported yet")
        }
        message = MessageCorrelation(name: name)
        message.businessKey = try fields.string("businessKey")
        message.processInstanceID = try fields.string("processInstanceId")
        message.tenant = TenantFilter(tenant, without: withoutTenant)
        message.wantsVariables = wantsVariables
    }
}

extension TenantFilter {
    /// One tenant, none, or any.
    init(_ tenant: String?, without: Bool) {
        self.init()
        tenantIDIn = [tenant].compactMap(\.self)
        withoutTenantID = without
    }
}

extension [VariableEntry] {
    /// Conditions that variables have exactly these values.
    fileprivate func conditions(_ parameter: String) throws(APIError) -> [VariableFilter] {
        var conditions: [VariableFilter] = []
        for input in try inputs() {
            conditions.append(
                VariableFilter(name: input.name, comparison: .equal, value: try VariableFilter.Comparand(input.value))
            )
        }
        try conditions.checkCount(of: parameter)
        return conditions
    }
}

extension VariableFilter.Comparand {
    /// The value as something to compare with.
    ///
    /// - Throws: ``APIError`` for values that cannot be compared.
    fileprivate init(_ value: VariableValue) throws(APIError) {
        switch value {
        case .null, .boolean(nil), .short(nil), .integer(nil), .long(nil), .double(nil), .string(nil), .date(nil):
            self = .null
        case .boolean(let value?): self = .boolean(value)
        case .short(let value?): self = .whole(Int64(value))
        case .integer(let value?): self = .whole(Int64(value))
        case .long(let value?): self = .whole(value)
        case .double(let value?): self = .fraction(value)
        case .string(let value?): self = .text(value)
        case .date(let value?): self = .date(value)
        case .bytes, .json, .xml, .object, .file:
            throw .engine("Variables of type \(value.typeName) cannot be used to query")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func correlated(
        _ result: CorrelatedMessage,
        withVariables: Bool,
        _ call: Call
    ) throws(APIError) {
        beginObject()
        switch result {
        case .execution(let execution):
            member("resultType", "Execution")
            key("execution")
            beginObject()
            member("id", execution.id.description)
            member("processInstanceId", execution.processInstanceID.description)
            member("ended", execution.isEnded)
            member("tenantId", execution.tenantID)
            endObject()
            nulls("processInstance")
            try correlationVariables(withVariables ? execution.variables : nil)
        case .start(let instance):
            member("resultType", "ProcessDefinition")
            nulls("execution")
            key("processInstance")
            try startedInstance(instance, withVariables: false, call)
            try correlationVariables(withVariables ? instance.variables : nil)
        }
        endObject()
    }

    private mutating func correlationVariables(_ variables: [VariableInput]?) throws(APIError) {
        guard let variables else { return }
        key("variables")
        try self.variables(variables.map { ($0.name, $0.value) }, as: .serialized)
    }
}
