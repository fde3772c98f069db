import BatonClient
import JSON

extension EngineState {
    /// Answers everything but fetches, which may have to wait.
    mutating func answer(_ request: ParsedRequest, at now: Duration) -> Reply {
        do {
            return try route(request, at: now)
        } catch {
            return error
        }
    }

    private mutating func route(_ request: ParsedRequest, at now: Duration) throws(Reply) -> Reply {
        let parts = request.parts
        switch (parts.first, parts.count) {
        case ("external-task", 3): return try taskOperation(parts[1], parts[2], request, at: now)
        case ("process-instance", 3...), ("execution", 3...):
            return try variables(request, of: parts[1], parts[2...])
        case ("process-definition", 4) where parts[1] == "key" && parts[3] == "start":
            return try start(parts[2], ofTenant: nil, request.json, at: now)
        case ("process-definition", 6) where parts[1] == "key" && parts[3] == "tenant-id" && parts[5] == "start":
            return try start(parts[2], ofTenant: parts[4], request.json, at: now)
        case ("message", 1): return try correlate(request.json)
        case ("version", 1): return .json(["version": .string(TestEngine.version)])
        default: throw .noSuchPath(request.path)
        }
    }

    private mutating func taskOperation(
        _ id: String,
        _ operation: String,
        _ request: ParsedRequest,
        at now: Duration
    ) throws(Reply) -> Reply {
        if operation == "unlock" { return try unlock(id) }
        // An empty body counts as an empty object.
        let body: JSONValue = request.bytes.isEmpty ? [:] : request.json
        guard body.objectValue != nil else { throw .unreadable() }
        return switch operation {
        case "complete": try complete(id, body, at: now)
        case "failure": try fail(id, body, at: now)
        case "bpmnError": try reportBPMNError(id, body, at: now)
        case "extendLock": try extendLock(id, body, at: now)
        case "lock": try lock(id, body, at: now)
        default: throw .noSuchPath(request.path)
        }
    }

    private mutating func start(
        _ key: String,
        ofTenant tenant: String?,
        _ body: JSONValue,
        at now: Duration
    ) throws(Reply) -> Reply {
        guard let definition = definitions[key], definition.tenantID == tenant else {
            let owner = tenant.map { "tenant-id: \($0)" } ?? "no tenant-id"
            throw .error(
                404,
                "RestException",
                "No matching process definition with key: \(key) and \(owner)",
                code: .null
            )
        }
        let variables = try WireVariable.read(body["variables"])
        let businessKey = body["businessKey"]?.stringValue
        let instance = start(definition, businessKey: businessKey, variables: variables, at: now)
        return .json([
            "links": [], "id": .string(instance.id), "definitionId": .string(definition.id),
            "definitionKey": .string(key), "businessKey": .optional(businessKey), "caseInstanceId": .null,
            "ended": .boolean(definition.topics.isEmpty), "suspended": false,
            "tenantId": .optional(definition.tenantID),
        ])
    }

    private mutating func correlate(_ body: JSONValue) throws(Reply) -> Reply {
        guard let name = body["messageName"]?.stringValue else {
            throw .error(400, "InvalidRequestException", "No message name supplied", code: .null)
        }
        let isForAll = body["all"]?.boolValue == true
        let receivers = awaitedMessages[name] ?? 0
        guard receivers > 0 || isForAll else {
            throw .error(
                400,
                "RestException",
                "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message '\(name)': "
                    + "No process definition or execution matches the parameters"
            )
        }
        awaitedMessages[name] = isForAll ? 0 : receivers - 1
        return .done
    }
}
