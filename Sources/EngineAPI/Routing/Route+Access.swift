import Access
import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes

extension Route {
    /// Who may use an operation, besides those who may do everything.
    enum Access: Sendable, Hashable {
        /// Everybody who said who it is.
        case everybody
        /// Workers, too; which tasks they see and touch is up to their topics.
        case workers
        /// Workers, too, where a task of theirs is: the path names its execution.
        case workersOfExecution
        /// Workers, too, where a task of theirs is: the path names its process instance.
        case workersOfInstance
        /// Not workers.
        case managers
    }
}

extension Route.Access {
    /// Who may use the operation with this method and pattern.
    ///
    /// The one place that says so. What is not listed is not for workers.
    init(_ method: HTTPRequest.Method, _ pattern: String) {
        self = Self.listed["\(method.rawValue) \(pattern)"] ?? .managers
    }

    /// What workers may do, by method and pattern.
    static let listed: [String: Route.Access] = [
        "GET /engine": .everybody,
        "GET /version": .everybody,
        "GET /openapi.json": .everybody,

        "POST /external-task/fetchAndLock": .workers,
        "POST /external-task/{id}/complete": .workers,
        "POST /external-task/{id}/failure": .workers,
        "POST /external-task/{id}/bpmnError": .workers,
        "POST /external-task/{id}/extendLock": .workers,
        "POST /external-task/{id}/lock": .workers,
        "POST /external-task/{id}/unlock": .workers,
        "PUT /external-task/{id}/retries": .workers,
        "PUT /external-task/{id}/priority": .workers,
        "PUT /external-task/retries": .workers,

        "GET /external-task": .workers,
        "POST /external-task": .workers,
        "GET /external-task/count": .workers,
        "POST /external-task/count": .workers,
        "GET /external-task/{id}": .workers,
        "GET /external-task/{id}/errorDetails": .workers,
        "GET /external-task/topic-names": .workers,
        "GET /history/external-task-log": .workers,
        "POST /history/external-task-log": .workers,
        "GET /history/external-task-log/count": .workers,
        "POST /history/external-task-log/count": .workers,
        "GET /history/external-task-log/{id}": .workers,
        "GET /history/external-task-log/{id}/error-details": .workers,

        "GET /execution/{id}/localVariables": .workersOfExecution,
        "GET /execution/{id}/localVariables/{varName}": .workersOfExecution,
        "GET /execution/{id}/localVariables/{varName}/data": .workersOfExecution,
        "GET /process-instance/{id}/variables": .workersOfInstance,
        "GET /process-instance/{id}/variables/{varName}": .workersOfInstance,
        "GET /process-instance/{id}/variables/{varName}/data": .workersOfInstance,
    ]
}

extension Call {
    /// The topics that the caller is limited to; nil for none of that.
    var permittedTopics: Set<String>? { identity?.limits.topics }

    /// Refuses what the caller may not do.
    ///
    /// - Throws: ``APIError`` with 403; what asking the database throws.
    func checkAccess(to route: Route) async throws {
        guard let limits = identity?.limits, limits.isWorker else { return }
        switch route.access {
        case .everybody, .workers: return
        case .managers: throw APIError.notPermitted([.wanted(by: route, path)])
        case .workersOfExecution, .workersOfInstance:
            guard limits.topics != nil else { return }
            var query = ExternalTaskQuery()
            query.permittedTopics = limits.topics
            if route.access == .workersOfExecution {
                query.executionID = path["id"]
            } else {
                query.processInstanceID = path["id"]
            }
            guard try await engine.externalTaskCount(query) == 0 else { return }
            throw APIError.notPermitted([.wanted(by: route, path)])
        }
    }

    /// Refuses to read what belongs to a task of a topic that the caller is not allowed to see.
    func checkMayRead(_ query: ExternalTaskQuery) async throws {
        guard let permittedTopics else { return }
        for task in try await engine.externalTasks(query) {
            if let topic = task.topicName, permittedTopics.contains(topic) { continue }
            throw APIError.notPermitted([
                MissingPermission("READ", on: "ProcessInstance", task.processInstanceID.description),
                MissingPermission("READ_INSTANCE", on: "ProcessDefinition", task.processDefinitionKey),
            ])
        }
    }
}
