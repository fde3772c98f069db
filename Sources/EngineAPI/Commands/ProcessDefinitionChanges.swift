import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Deleting process definitions, suspending them and letting them be started again.
    mutating func addProcessDefinitionChanges() {
        delete("/process-definition/{id}") { try await $0.delete(.one(.id(DefinitionID($0.path["id"])))) }
        delete("/process-definition/key/{key}") { call in
            try await call.delete(.versions(of: call.path["key"], tenantID: nil))
        }
        delete("/process-definition/key/{key}/tenant-id/{tenant-id}") { call in
            try await call.delete(.versions(of: call.path["key"], tenantID: call.path["tenant-id"]))
        }

        put("/process-definition/suspended") { call in
            let body = try Suspension(try await call.fields())
            guard body.definitionID == nil else {
                throw APIError.invalidRequest("Only processDefinitionKey may be set, not processDefinitionId")
            }
            guard let key = body.definitionKey else {
                throw APIError.invalidRequest("processDefinitionKey must be set")
            }
            return try await call.suspend(.allVersions(of: key), body)
        }
        put("/process-definition/{id}/suspended") { call in
            try await call.suspend(.one(.id(DefinitionID(call.path["id"]))))
        }
        put("/process-definition/key/{key}/suspended") { call in
            try await call.suspend(.one(.key(call.path["key"], tenantID: nil)))
        }
        put("/process-definition/key/{key}/tenant-id/{tenant-id}/suspended") { call in
            try await call.suspend(.one(.key(call.path["key"], tenantID: call.path["tenant-id"])))
        }
    }
}

/// The body that suspends definitions or activates them.
private struct Suspension {
    var isSuspended: Bool
    var includesInstances: Bool
    var definitionID: String?
    var definitionKey: String?

    /// - Throws: ``APIError`` for members of the wrong kind, and for a date: there are no timers yet.
    init(_ fields: JSONFields) throws(APIError) {
        isSuspended = try fields.bool("suspended")
        includesInstances = try fields.bool("includeProcessInstances")
        definitionID = try fields.string("processDefinitionId")
        definitionKey = try fields.string("processDefinitionKey")
        guard try fields.date("executionDate") == nil else {
            throw .invalidRequest("executionDate is not supported yet: without it the change takes effect at once")
        }
    }
}

extension Call {
    // Nobody listens to the deletion of an instance, and its mappings are not run: the other parameters change nothing.
    fileprivate func delete(_ selection: DefinitionSelection) async throws -> Answer {
        do {
            try await engine.deleteDefinitions(selection, cascade: query.flag("cascade"))
        } catch let rejection as Rejection {
            throw APIError(rejection, about: selection)
        }
        return .noContent
    }

    /// Suspends the definition that the path names.
    fileprivate func suspend(_ selection: DefinitionSelection) async throws -> Answer {
        let body = try Suspension(try await fields())
        guard body.definitionKey == nil else {
            throw APIError.invalidRequest("processDefinitionKey must not be set: the path names the definition")
        }
        return try await suspend(selection, body)
    }

    fileprivate func suspend(_ selection: DefinitionSelection, _ body: Suspension) async throws -> Answer {
        do {
            try await engine.suspendDefinitions(
                selection,
                isSuspended: body.isSuspended,
                includingInstances: body.includesInstances
            )
        } catch let rejection as Rejection {
            throw APIError(rejection, about: selection)
        }
        return .noContent
    }
}

extension APIError {
    /// The answer to a rejected change of definitions: 404 when there are none.
    fileprivate init(_ rejection: Rejection, about selection: DefinitionSelection) {
        switch (rejection, selection) {
        case (.definitionNotFound(let id), _):
            self.init(
                .notFound,
                "InvalidRequestException",
                "No process definition found with id '\(id)': processDefinition is null",
                code: 0
            )
        case (.definitionKeyNotFound, .one(let definition)): self = .keyNotFound(definition)
        case (.definitionKeyNotFound, .versions(let key, let tenantID)):
            self = .keyNotFound(.key(key, tenantID: tenantID))
        case (.definitionKeyNotFound(let key), .allVersions):
            self.init(.notFound, "RestException", "No matching process definition with key: \(key)")
        default: self.init(rejection)
        }
    }
}
