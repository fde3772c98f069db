import EngineCore
import EngineRuntime
import HTTPTypes
import JSON

extension RouteTable {
    /// Working on user tasks.
    mutating func addUserTaskCommands() {
        post("/task/{id}/complete") { try await $0.completeUserTask() }
        post("/task/{id}/bpmnError") { try await $0.throwUserTaskError() }
        post("/task/{id}/resolve") { try await $0.resolveUserTask() }
        post("/task/{id}/claim") { try await $0.changeUserTask(.claim(user: $0.userID())) }
        post("/task/{id}/unclaim", consumes: .anything) { try await $0.changeUserTask(.assign(user: nil)) }
        post("/task/{id}/assignee") { try await $0.changeUserTask(.assign(user: $0.userID())) }
        post("/task/{id}/delegate") { try await $0.changeUserTask(.delegate(to: $0.userID())) }
        put("/task/{id}") { try await $0.updateUserTask() }
        post("/task/create") { try await $0.createUserTask() }
        delete("/task/{id}") { try await $0.deleteUserTask() }
    }
}

extension Call {
    fileprivate func completeUserTask() async throws -> Answer {
        let fields = try await fields()
        let variables = try fields.variables("variables")
        let withVariables = try fields.bool("withVariablesInReturn")
        let id = path["id"]
        return try await describing("Cannot complete task \(id): ") {
            let inputs = try variables.inputs()
            guard withVariables else {
                try await engine.completeUserTask(id, variables: inputs)
                return .noContent
            }
            let returned = try await engine.completeUserTaskReturningVariables(id, variables: inputs)
            return try .json { writer throws(APIError) in
                try writer.variables(returned.map { (name: $0.name, value: $0.value) }, as: .serialized)
            }
        }
    }

    fileprivate func throwUserTaskError() async throws -> Answer {
        let fields = try await fields()
        let code = try fields.string("errorCode")
        let message = try fields.string("errorMessage")
        let variables = try fields.variables("variables").inputs()
        guard let code, !code.isEmpty else {
            let problem = code == nil ? "null" : "empty"
            throw APIError(.badRequest, "RestException", "errorCode is \(problem)", code: 0)
        }
        do {
            try await engine.throwUserTaskError(path["id"], code: code, message: message, variables: variables)
        } catch let rejection as Rejection {
            switch rejection {
            case .userTaskNotFound: throw APIError(.notFound, "RestException", rejection.description, code: 0)
            case .userTaskSuspended: throw APIError(.badRequest, "RestException", rejection.description, code: 0)
            default: throw rejection
            }
        }
        return .noContent
    }

    fileprivate func resolveUserTask() async throws -> Answer {
        let variables = try await fields().variables("variables")
        let inputs = try await describing("Cannot resolve task \(path["id"]): ", engineStatus: .kept) {
            try variables.inputs()
        }
        return try await changeUserTask(.resolve(variables: inputs))
    }

    fileprivate func changeUserTask(_ change: UserTaskChange) async throws -> Answer {
        try await engine.changeUserTask(path["id"], change)
        return .noContent
    }

    /// The user whom the body names, if any.
    fileprivate func userID() async throws -> String? { try await fields().string("userId") }
}

// MARK: Tasks as a whole

extension Call {
    fileprivate func updateUserTask() async throws -> Answer {
        let properties = try UserTaskProperties(try await fields())
        do {
            return try await changeUserTask(.update(properties))
        } catch Rejection.userTaskNotFound {
            throw APIError.notFound("No matching task with id \(path["id"])")
        }
    }

    fileprivate func createUserTask() async throws -> Answer {
        let fields = try await fields()
        try await engine.createUserTask(try fields.string("id"), try UserTaskProperties(fields))
        return .noContent
    }

    /// Deleting what is not there is fine, as in the contract.
    fileprivate func deleteUserTask() async throws -> Answer {
        do {
            try await engine.deleteUserTask(path["id"])
        } catch Rejection.userTaskNotFound {}
        return .noContent
    }
}

extension UserTaskProperties {
    /// Reads a task from a body: what is missing is null, and the priority 0.
    ///
    /// - Throws: ``APIError`` also for a task of a case: there are none.
    init(_ fields: JSONFields) throws(APIError) {
        guard try fields.string("caseInstanceId") == nil else {
            throw .invalidRequest("caseInstanceId is not supported")
        }
        let parent = try fields.string("parentTaskId")
        let parentID = parent.flatMap { UserTaskID($0) }
        if let parent, parentID == nil { throw .missing("Parent task with id '\(parent)' does not exist: parentTask") }
        self.init(
            name: try fields.string("name"),
            description: try fields.string("description"),
            assignee: try fields.string("assignee"),
            owner: try fields.string("owner"),
            delegation: try fields.delegation("delegationState"),
            dueTime: try fields.date("due"),
            followUpTime: try fields.date("followUp"),
            priority: try fields.int32("priority"),
            parent: parentID,
            tenantID: try fields.string("tenantId")
        )
    }
}

extension JSONFields {
    fileprivate func delegation(_ name: String) throws(APIError) -> DelegationState? {
        guard let text = try string(name) else { return nil }
        return try DelegationState(text, of: name)
    }
}

extension DelegationState {
    /// Reads a state as clients write it, in any case of letters.
    init(_ text: String, of parameter: String) throws(APIError) {
        guard let state = DelegationState(rawValue: text.uppercased()) else {
            throw .invalidRequest(
                "Valid values for property '\(parameter)' are 'PENDING' or 'RESOLVED', but was '\(text)'"
            )
        }
        self = state
    }
}
