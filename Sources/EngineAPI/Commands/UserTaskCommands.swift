import EngineCore
import EngineRuntime
import HTTPTypes

extension RouteTable {
    /// Ending user tasks.
    mutating func addUserTaskCommands() {
        post("/task/{id}/complete") { try await $0.completeUserTask() }
        post("/task/{id}/bpmnError") { try await $0.throwUserTaskError() }
    }
}

extension Call {
    fileprivate func completeUserTask() async throws -> Answer {
        let fields = try await fields()
        let variables = try fields.variables("variables")
        let withVariables = try fields.bool("withVariablesInReturn")
        return try await describing("Cannot complete task \(path["id"]): ") {
            guard !withVariables else {
                throw APIError.invalidRequest("withVariablesInReturn is not supported yet")
            }
            try await engine.completeUserTask(path["id"], variables: try variables.inputs(), localVariables: [])
            return .noContent
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
}
