import Foundation
import LabChecker

/// Requests and answers of the API, as far as the lab speaks it.
enum Wire {
    /// The bytes of a request.
    static func bytes(_ action: Request.Action, worker: String, maxTasks: Int) throws -> Data {
        switch action {
        case .start(let key):
            return try post("/process-definition/key/\(LabModel.key)/start", ["businessKey": .text(key)])
        case .fetch(let topics, let lock, let wait):
            let topics = topics.map { Value.object(["topicName": .text($0), "lockDuration": .number(lock)]) }
            return try post(
                "/external-task/fetchAndLock",
                [
                    "workerId": .text(worker), "maxTasks": .number(Int64(maxTasks)), "topics": .list(topics),
                    "asyncResponseTimeout": .number(wait),
                ]
            )
        case .complete(let task):
            let variables = Value.object(["done": .object(["value": .text(worker)])])
            return try post("/external-task/\(task)/complete", ["workerId": .text(worker), "variables": variables])
        case .fail(let task, let retry):
            return try post(
                "/external-task/\(task)/failure",
                [
                    "workerId": .text(worker), "errorMessage": .text("dropped"), "retries": .number(3),
                    "retryTimeout": .number(retry),
                ]
            )
        case .throwError(let task):
            return try post(
                "/external-task/\(task)/bpmnError",
                ["workerId": .text(worker), "errorCode": .text(LabModel.errorCode)]
            )
        case .extendLock(let task, let milliseconds):
            return try post(
                "/external-task/\(task)/extendLock",
                ["workerId": .text(worker), "newDuration": .number(milliseconds)]
            )
        case .unlock(let task):
            return try post("/external-task/\(task)/unlock", [:])
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

    private static func post(_ path: String, _ body: [String: Value]) throws -> Data {
        let body = try JSONEncoder().encode(Value.object(body))
        let head = """
            POST /engine-rest\(path) HTTP/1.1\r
            host: lab\r
            content-type: application/json\r
            content-length: \(body.count)\r
            \r

            """
        return Data(head.utf8) + body
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
        case list([Value])
        case object([String: Value])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .list(let list): try container.encode(list)
            case .object(let object): try container.encode(object)
            }
        }
    }
}
