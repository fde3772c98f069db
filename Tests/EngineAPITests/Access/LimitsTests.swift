import Access
import EngineRuntime
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// What limited users may do, on a real database, by both ways.
@Suite(.database, .serialized, .timeLimit(.minutes(2))) struct `A limited user` {
    private static let model = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <process id="order" isExecutable="true">
            <startEvent id="start"/>
            <parallelGateway id="fork"/>
            <serviceTask id="mine" camunda:type="external" camunda:topic="mine"/>
            <serviceTask id="theirs" camunda:type="external" camunda:topic="theirs"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="fork"/>
            <sequenceFlow id="b" sourceRef="fork" targetRef="mine"/>
            <sequenceFlow id="c" sourceRef="fork" targetRef="theirs"/>
          </process>
        </definitions>
        """

    /// A connection on which somebody calls.
    private struct Conversation {
        var connection: RawConnection

        mutating func ask(_ user: String, _ text: (String) -> String) async throws -> RawConnection.Answer {
            try await connection.send(text(Callers.field(user)))
            return try #require(try await connection.answer())
        }

        mutating func get(_ path: String, as user: String) async throws -> RawConnection.Answer {
            try await ask(user) { Wire.get("/engine-rest/" + path, $0) }
        }

        mutating func post(
            _ path: String,
            _ body: String = "{}",
            as user: String,
            _ method: String = "POST"
        ) async throws -> RawConnection.Answer {
            try await ask(user) { Wire.send(method, path, body, $0) }
        }

        mutating func fetch(_ user: String, worker: String = "w") async throws -> [JSONValue] {
            let topics = ["mine", "theirs"].map { #"{"topicName":"\#($0)","lockDuration":600000}"# }
            let body = #"{"workerId":"\#(worker)","maxTasks":9,"topics":[\#(topics.joined(separator: ","))]}"#
            let answer = try await post("external-task/fetchAndLock", body, as: user)
            #expect(answer.status == 200)
            return try JSONParser.parse(answer.body).arrayValue ?? []
        }
    }

    /// Deploys the model, starts it, and hands over a connection.
    private func converse(
        _ body: @escaping @Sendable (inout Conversation, _ instance: String) async throws -> Void
    ) async throws {
        let callers = try Callers([
            Identity(userID: "admin"), Identity(userID: "mina", limits: .init(isWorker: false, topics: ["mine"])),
            Identity(userID: "worker", limits: .init(isWorker: true, topics: nil)),
        ])
        try await LiveServer.with(database: Database.current.settings, gates: [.default: callers.gate]) { server in
            try await server.connect { connection in
                var conversation = Conversation(connection: connection)
                let form =
                    "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"order.bpmn\"\r\n\r\n\(Self.model)\r\n--b--\r\n"
                let deployed = try await conversation.ask("admin") {
                    Wire.send("POST", "deployment/create", form, $0, type: "multipart/form-data; boundary=b")
                }
                #expect(deployed.status == 200)
                // Both are known from here on, so that they come by the hot way.
                for user in ["mina", "worker"] {
                    #expect(try await conversation.get("version", as: user).status == 200)
                }
                let started = try await conversation.post("process-definition/key/order/start", as: "admin")
                let instance = try JSONParser.parse(started.body)["id"]?.stringValue ?? ""
                try await body(&conversation, instance)
                // So that the next test has its own tasks alone.
                let deleted = try await conversation.ask("admin") { field in
                    "DELETE /engine-rest/process-instance/\(instance) HTTP/1.1\r\nHost: x\r\n\(field)\r\n"
                }
                #expect(deleted.status == 204 || deleted.status == 404)
            }
        }
    }

    private static func missing(
        _ instance: String,
        _ name: String = "UPDATE",
        user: String = "mina"
    ) -> String {
        """
        {"type":"AuthorizationException","message":"The user with id '\(user)' does not have one of the following \
        permissions: '\(name)' permission on resource '\(instance)' of type 'ProcessInstance' or '\(name)_INSTANCE' \
        permission on resource 'order' of type 'ProcessDefinition'","code":0,"userId":"\(user)","resourceName":null,\
        "resourceId":null,"permissionName":null,"missingAuthorizations":[{"permissionName":"\(name)",\
        "resourceName":"ProcessInstance","resourceId":"\(instance)"},{"permissionName":"\(name)_INSTANCE",\
        "resourceName":"ProcessDefinition","resourceId":"order"}]}
        """
    }

    @Test func `fetches tasks of its topics only`() async throws {
        try await converse { conversation, _ in
            let tasks = try await conversation.fetch("mina")
            #expect(tasks.map { $0["topicName"]?.stringValue } == ["mine"])
            #expect(try await conversation.fetch("worker").map { $0["topicName"]?.stringValue } == ["theirs"])
        }
    }

    @Test(arguments: [
        ("POST", "complete", "{\"workerId\":\"w\"}"), ("POST", "failure", "{\"workerId\":\"w\",\"retries\":1}"),
        ("POST", "bpmnError", "{\"workerId\":\"w\",\"errorCode\":\"e\"}"),
        ("POST", "extendLock", "{\"workerId\":\"w\",\"newDuration\":1000}"),
        ("POST", "lock", "{\"workerId\":\"w\",\"lockDuration\":1000}"), ("POST", "unlock", ""),
        ("PUT", "retries", "{\"retries\":1}"), ("PUT", "priority", "{\"priority\":1}"),
    ])
    func `does nothing to tasks of other topics`(method: String, operation: String, body: String) async throws {
        try await converse { conversation, instance in
            let tasks = try await conversation.fetch("admin")
            let theirs = try #require(tasks.first { $0["topicName"]?.stringValue == "theirs" })
            let mine = try #require(tasks.first { $0["topicName"]?.stringValue == "mine" })
            let path = "external-task/\(theirs["id"]?.stringValue ?? "")/\(operation)"
            for path in [path, path + "?usual=way"] {
                let answer = try await conversation.post(path, body, as: "mina", method)
                #expect(answer.status == 403)
                #expect(answer.body == Self.missing(instance))
            }
            let own = "external-task/\(mine["id"]?.stringValue ?? "")/\(operation)"
            #expect(try await conversation.post(own, body, as: "mina", method).status == 204)
            #expect(try await conversation.post(path, body, as: "worker", method).status == 204)
        }
    }

    @Test func `is told first that it does not hold the task`() async throws {
        try await converse { conversation, _ in
            let tasks = try await conversation.fetch("admin")
            let theirs = try #require(tasks.first { $0["topicName"]?.stringValue == "theirs" })
            let path = "external-task/\(theirs["id"]?.stringValue ?? "")/complete"
            #expect(try await conversation.post(path, #"{"workerId":"other"}"#, as: "mina").status == 400)
        }
    }

    @Test func `changes many tasks only if all are of its topics`() async throws {
        try await converse { conversation, instance in
            let body = #"{"retries":5,"processInstanceIds":["\#(instance)"]}"#
            let refused = try await conversation.post("external-task/retries", body, as: "mina", "PUT")
            #expect(refused.status == 403)
            #expect(refused.body == Self.missing(instance))
            let list = try await conversation.get("external-task?processInstanceId=\(instance)", as: "admin")
            #expect(try JSONParser.parse(list.body).arrayValue?.allSatisfy { $0["retries"] == .null } == true)
            #expect(try await conversation.post("external-task/retries", body, as: "worker", "PUT").status == 204)
        }
    }

    @Test func `sees tasks of its topics only`() async throws {
        try await converse { conversation, instance in
            let filter = "?processInstanceId=\(instance)"
            let all = try JSONParser.parse(try await conversation.get("external-task\(filter)", as: "admin").body)
            let theirs = try #require(all.arrayValue?.first { $0["topicName"]?.stringValue == "theirs" })
            let id = theirs["id"]?.stringValue ?? ""
            for (path, count) in [("external-task", 1), ("history/external-task-log", 1)] {
                let list = try await conversation.get(path + filter, as: "mina")
                #expect(try JSONParser.parse(list.body).arrayValue?.count == count)
                #expect(!list.body.contains("theirs"))
                let posted = try await conversation.post(path, #"{"processInstanceId":"\#(instance)"}"#, as: "mina")
                #expect(try JSONParser.parse(posted.body).arrayValue?.count == count)
                let counted = try await conversation.get("\(path)/count\(filter)", as: "mina")
                #expect(counted.body == #"{"count":\#(count)}"#)
                let everything = try await conversation.get("\(path)/count\(filter)", as: "worker")
                #expect(everything.body == #"{"count":2}"#)
            }
            #expect(try await conversation.get("external-task/topic-names", as: "mina").body == #"["mine"]"#)
            #expect(try await conversation.get("external-task/\(id)", as: "mina").status == 404)
            #expect(try await conversation.get("external-task/\(id)", as: "worker").status == 200)
            let details = try await conversation.get("external-task/\(id)/errorDetails", as: "mina")
            #expect(details.status == 403)
            #expect(details.body == Self.missing(instance, "READ"))
            let log = try await conversation.get("history/external-task-log?externalTaskId=\(id)", as: "worker")
            let entry = try JSONParser.parse(log.body)[0]?["id"]?.stringValue ?? ""
            #expect(try await conversation.get("history/external-task-log/\(entry)", as: "mina").status == 404)
            let path = "history/external-task-log/\(entry)/error-details"
            #expect(try await conversation.get(path, as: "mina").status == 403)
        }
    }

    @Test func `reads variables only where a task of its topics is`() async throws {
        try await converse { conversation, instance in
            let filter = "external-task?processInstanceId=\(instance)"
            let all = try JSONParser.parse(try await conversation.get(filter, as: "admin").body).arrayValue ?? []
            let ids = Dictionary(
                uniqueKeysWithValues: all.map {
                    ($0["topicName"]?.stringValue ?? "", $0["id"]?.stringValue ?? "")
                }
            )
            let (mine, theirs) = (ids["mine"] ?? "", ids["theirs"] ?? "")
            #expect(try await conversation.get("execution/\(mine)/localVariables", as: "mina").status == 200)
            #expect(try await conversation.get("execution/\(theirs)/localVariables", as: "mina").status == 403)
            #expect(try await conversation.get("execution/\(theirs)/localVariables", as: "worker").status == 200)
            #expect(try await conversation.get("process-instance/\(instance)/variables", as: "mina").status == 200)
            let done = try await conversation.post(
                "external-task/\(mine)/lock",
                #"{"workerId":"w","lockDuration":9999}"#,
                as: "mina"
            )
            #expect(done.status == 204)
            #expect(
                try await conversation.post("external-task/\(mine)/complete", #"{"workerId":"w"}"#, as: "mina").status
                    == 204
            )
            #expect(try await conversation.get("process-instance/\(instance)/variables", as: "mina").status == 403)
        }
    }

    @Test(arguments: ["mina", "worker"])
    func `does what workers do and nothing else`(user: String) async throws {
        try await converse { conversation, instance in
            let refused =
                [
                    ("POST", "deployment/create", "CREATE", "Deployment", nil),
                    ("POST", "process-definition/key/order/start", "CREATE", "ProcessInstance", nil),
                    ("POST", "process-definition/key/order/start?usual=way", "CREATE", "ProcessInstance", nil),
                    ("GET", "process-instance", "READ", "ProcessInstance", nil),
                    ("POST", "process-instance", "READ", "ProcessInstance", nil),
                    ("DELETE", "process-instance/\(instance)", "DELETE", "ProcessInstance", instance),
                    ("PUT", "process-instance/\(instance)/suspended", "UPDATE", "ProcessInstance", instance),
                    ("GET", "history/process-instance", "READ_HISTORY", "ProcessDefinition", nil),
                    ("POST", "external-task/retries-async", "CREATE", "Batch", nil),
                    ("GET", "task", "READ", "Task", nil),
                ] as [(String, String, String, String, String?)]
            for (method, path, permission, resource, id) in refused {
                let answer = try await conversation.ask(user) {
                    Wire.send(
                        method,
                        path,
                        "{}",
                        $0,
                        type: path == "deployment/create" ? "multipart/form-data" : "application/json"
                    )
                }
                #expect(answer.status == 403, "\(method) \(path)")
                let place = id.map { "\($0)' of type '" } ?? ""
                let json = try JSONParser.parse(answer.body)
                #expect(json["type"]?.stringValue == "AuthorizationException")
                #expect(
                    json["message"]?.stringValue
                        == "The user with id '\(user)' does not have '\(permission)' permission on resource '\(place)\(resource)'."
                )
                #expect(json["permissionName"]?.stringValue == permission)
                #expect(json["resourceName"]?.stringValue == resource)
                #expect(json["resourceId"]?.stringValue == id)
                #expect(json["missingAuthorizations"]?.arrayValue?.count == 1)
            }
            let list = try await conversation.get("process-instance/count", as: "admin")
            #expect(list.body == #"{"count":1}"#)
        }
    }

    @Test func `is remembered by history as who started an instance`() async throws {
        try await converse { conversation, instance in
            let answer = try await conversation.get("history/process-instance/\(instance)", as: "admin")
            #expect(try JSONParser.parse(answer.body)["startUserId"]?.stringValue == "admin")
        }
    }
}

@Suite struct `The operations for workers` {
    @Test func `exist`() {
        for entry in Route.Access.listed.keys {
            let parts = entry.split(separator: " ").map(String.init)
            let steps = parts[1].split(separator: "/").map(String.init)
            guard case .route(let route, _) = RouteTable.all.match(steps, method: .init(parts[0]) ?? .get) else {
                Issue.record("No operation \(entry)")
                continue
            }
            #expect(route.pattern == parts[1])
            #expect(route.access == Route.Access.listed[entry])
        }
    }

    @Test func `are few: what is not listed is not for them`() {
        #expect(Route.Access(.post, "/some/new/operation") == .managers)
        #expect(Route.Access(.delete, "/process-instance/{id}") == .managers)
    }
}
