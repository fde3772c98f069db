import Access
import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Starting instances.
    mutating func addProcessDefinitionCommands() {
        post("/process-definition/{id}/start", produces: .json) { call in
            try await call.start(.id(DefinitionID(call.path["id"])))
        }
        post("/process-definition/key/{key}/start", produces: .json) { call in
            try await call.start(.key(call.path["key"], tenantID: nil))
        }
        post("/process-definition/key/{key}/tenant-id/{tenant-id}/start", produces: .json) { call in
            try await call.start(.key(call.path["key"], tenantID: call.path["tenant-id"]))
        }
    }
}

extension Call {
    fileprivate func start(_ definition: DefinitionReference) async throws -> Answer {
        let fields = try await fields()
        let businessKey = try fields.string("businessKey")
        let variables = try fields.variables("variables")
        let isCaseInstance = try fields.string("caseInstanceId") != nil
        let hasInstructions = try fields.list("startInstructions")?.isEmpty == false
        let withVariables = try fields.bool("withVariablesInReturn")
        do {
            guard !hasInstructions else { throw APIError.invalidRequest("startInstructions are not supported yet") }
            guard !isCaseInstance else { throw APIError.invalidRequest("caseInstanceId is not supported") }
            let started = try await engine.start(
                definition,
                businessKey: businessKey,
                variables: try variables.inputs(),
                userID: identity?.userID
            )
            return try Answer.json { writer throws(APIError) in
                try writer.startedInstance(started, withVariables: withVariables, self)
            }
        } catch {
            throw try await described(error, startOf: definition)
        }
    }

    /// The error with the id of the definition that could not be started; 404 when a key has none.
    private func described(_ error: any Error, startOf definition: DefinitionReference) async throws -> any Error {
        if case Rejection.definitionKeyNotFound? = error as? Rejection { return APIError.keyNotFound(definition) }
        guard let described = APIError(describing: error) else { return error }
        // Nothing can be looked up when the database is away.
        guard described.status != .serviceUnavailable else { return described }
        let id: DefinitionID
        switch definition {
        case .id(let given): id = given
        case .key:
            guard let found = try await engine.resolve(definition) else { return APIError.keyNotFound(definition) }
            id = found
        }
        return described.prefixed(
            "Cannot instantiate process definition \(id): ",
            engineStatus: .internalServerError
        )
    }
}

extension APIError {
    /// No definition has the key.
    static func keyNotFound(_ definition: DefinitionReference) -> APIError {
        switch definition {
        case .id(let id): .init(Rejection.definitionNotFound(id: id.rawValue))
        case .key(let key, let tenantID):
            APIError(
                .notFound,
                "RestException",
                "No matching process definition with key: \(key) and "
                    + (tenantID.map { "tenant-id: \($0)" } ?? "no tenant-id")
            )
        }
    }
}

extension JSONWriter {
    mutating func startedInstance(
        _ instance: StartedInstance,
        withVariables: Bool,
        _ call: Call
    ) throws(APIError) {
        beginObject()
        call.writeLinks(to: "/process-instance/\(instance.id)", in: &self)
        member("id", instance.id.description)
        member("definitionId", instance.definition.description)
        member("businessKey", instance.businessKey)
        key("caseInstanceId")
        null()
        member("ended", instance.isEnded)
        member("suspended", instance.isSuspended)
        member("tenantId", instance.tenantID)
        member("definitionKey", instance.definitionKey)
        if withVariables {
            key("variables")
            try variables(instance.variables.map { ($0.name, $0.value) }, as: .serialized)
        }
        endObject()
    }
}
