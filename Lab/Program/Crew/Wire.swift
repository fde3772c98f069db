import Foundation
import LabChecker

/// Requests and answers of the API, as far as the lab speaks it.
enum Wire {
    /// The bytes of a request.
    static func bytes(_ request: Request, maxTasks: Int) throws -> Data {
        let worker = Value.text(request.worker)
        switch request.action {
        case .start(let key, let process):
            return try post("/process-definition/key/\(process)/start", ["businessKey": .text(key)], of: request)
        case .fetch(let topics, let lock, let wait):
            let topics = topics.map { Value.object(["topicName": .text($0), "lockDuration": .number(lock)]) }
            return try post(
                "/external-task/fetchAndLock",
                [
                    "workerId": worker, "maxTasks": .number(Int64(maxTasks)), "topics": .list(topics),
                    "asyncResponseTimeout": .number(wait),
                ]
            )
        case .complete(let task): return try post("/external-task/\(task)/complete", ["workerId": worker], of: request)
        case .fail(let task, let retry, let retries):
            return try post(
                "/external-task/\(task)/failure",
                [
                    "workerId": worker, "errorMessage": .text("dropped"), "retries": .number(Int64(retries)),
                    "retryTimeout": .number(retry),
                ]
            )
        case .throwError(let task):
            return try post(
                "/external-task/\(task)/bpmnError",
                ["workerId": worker, "errorCode": .text(LabModel.errorCode)]
            )
        case .extendLock(let task, let milliseconds):
            return try post(
                "/external-task/\(task)/extendLock",
                ["workerId": worker, "newDuration": .number(milliseconds)]
            )
        case .unlock(let task): return try post("/external-task/\(task)/unlock", [:])
        case .claim(let task): return try post("/task/\(task)/claim", ["userId": worker])
        case .completeUserTask(let task): return try post("/task/\(task)/complete", [:], of: request)
        case .correlate(let message, let instance):
            return try post(
                "/message",
                ["messageName": .text(message), "processInstanceId": .text(instance)],
                of: request,
                as: "processVariables"
            )
        case .signal(let name): return try post("/signal", ["name": .text(name)])
        case .delete(let instance): return Data(head("DELETE", "/process-instance/\(instance)").utf8)
        case .resetRetries:
            let query = Value.object(["noRetriesLeft": .truth(true)])
            return try post("/external-task/retries-async", ["retries": .number(3), "externalTaskQuery": query])
        case .list(let path): return Data(head("GET", path).utf8)
        }
    }

    /// What a start made.
    static func instance(in body: Data) throws -> String { try JSONDecoder().decode(Started.self, from: body).id }

    /// What a fetch locked.
    ///
    /// - Throws: When the answer is none, or an expiration cannot be read.
    static func grants(in body: Data) throws -> [Answer.Grant] {
        try JSONDecoder().decode([Task].self, from: body).map { task in
            guard let expiration = DatabaseMoment(contractDate: task.lockExpirationTime) else {
                throw LabFailure("\(task.lockExpirationTime) is no date of the API's.")
            }
            return Answer.Grant(
                task: task.id,
                instance: task.processInstanceId,
                activity: task.activityId,
                topic: task.topicName,
                expiration: expiration
            )
        }
    }

    /// The batch that was made.
    static func batch(in body: Data) throws -> Answer.Batch {
        let made = try JSONDecoder().decode(MadeBatch.self, from: body)
        return Answer.Batch(id: made.id, jobs: made.totalJobs)
    }

    /// User tasks and who has claimed them.
    static func userTasks(in body: Data) throws -> [UserTask] { try JSONDecoder().decode([UserTask].self, from: body) }

    /// The instances that wait for something.
    static func waiting(in body: Data) throws -> [String] {
        try JSONDecoder().decode([Subscription].self, from: body).compactMap(\.processInstanceId)
    }

    /// A user task as lists show it.
    struct UserTask: Decodable {
        var id: String
        var assignee: String?
    }

    /// A request with a body and, of a request that writes, the variables that say so.
    private static func post(
        _ path: String,
        _ members: [String: Value],
        of writer: Request? = nil,
        as name: String = "variables"
    ) throws -> Data {
        var members = members
        if let writer, let own = writer.action.ownVariable {
            let value = Value.object(["value": .text(writer.id)])
            var variables = [own: value]
            if writer.action.isLastWriter { variables[Rows.lastVariable] = value }
            members[name] = .object(variables)
        }
        let body = try JSONEncoder().encode(Value.object(members))
        return Data(head("POST", path, length: body.count).utf8) + body
    }

    private static func head(_ method: String, _ path: String, length: Int? = nil) -> String {
        let body = length.map { "content-type: application/json\r\ncontent-length: \($0)\r\n" } ?? ""
        return "\(method) /engine-rest\(path) HTTP/1.1\r\nhost: lab\r\n\(body)\r\n"
    }

    private struct MadeBatch: Decodable {
        var id: String
        var totalJobs: Int
    }

    private struct Subscription: Decodable {
        var processInstanceId: String?
    }

    private struct Started: Decodable {
        var id: String
    }

    private struct Task: Decodable {
        var id: String
        var processInstanceId: String
        var activityId: String
        var topicName: String
        var lockExpirationTime: String
    }

    private enum Value: Encodable {
        case text(String)
        case number(Int64)
        case truth(Bool)
        case list([Value])
        case object([String: Value])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .truth(let truth): try container.encode(truth)
            case .list(let list): try container.encode(list)
            case .object(let object): try container.encode(object)
            }
        }
    }
}
