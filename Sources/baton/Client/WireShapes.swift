/// The few JSON shapes of the API that this program's own commands read and write.
enum Wire {
    /// The answer to a deployment.
    struct Deployment: Decodable {
        var id: String
        var name: String?
        var deployedProcessDefinitions: [String: Definition]?
    }

    struct Definition: Decodable {
        var id: String
        var key: String
        var name: String?
        var version: Int
        var resource: String?
    }

    /// The error answer to a deployment whose models cannot be used.
    struct DeploymentRefusal: Decodable {
        var message: String?
        var details: [String: ModelReport]?
    }

    struct ModelReport: Decodable {
        var errors: [ModelProblem]?
        var warnings: [ModelProblem]?
    }

    struct ModelProblem: Decodable {
        var message: String?
        var line: Int?
        var column: Int?
        var mainElementId: String?
    }

    struct Start: Encodable {
        var businessKey: String
    }

    struct Instance: Decodable {
        var id: String
    }

    struct HistoricInstance: Decodable {
        var id: String
        var state: String
    }

    struct TaskLogEntry: Decodable {
        var workerId: String?
        var creationLog: Bool
        var successLog: Bool
    }

    struct FetchAndLock: Encodable {
        var workerId: String
        var maxTasks = 1
        var asyncResponseTimeout: Int
        var topics: [Topic]

        struct Topic: Encodable {
            var topicName: String
            var lockDuration: Int
        }
    }

    struct ExternalTask: Decodable {
        var id: String
        var workerId: String?
        var lockExpirationTime: String?
    }

    struct Complete: Encodable {
        var workerId: String
    }
}
