import EngineRuntime
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Postgres
import TestSupport
import Testing

@testable import EngineAPI

/// Whole stories over HTTP, on a real database.
@Suite(.database, .serialized) struct `Over HTTP` {
    private static let model = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <error id="declined" errorCode="declined"/>
          <process id="order" isExecutable="true">
            <startEvent id="start"/>
            <serviceTask id="charge" name="Charge" camunda:type="external" camunda:topic="charge" camunda:taskPriority="7"/>
            <endEvent id="paid"/>
            <boundaryEvent id="refused" attachedToRef="charge">
              <errorEventDefinition errorRef="declined" camunda:errorCodeVariable="code"/>
            </boundaryEvent>
            <serviceTask id="tell" camunda:type="external" camunda:topic="tell"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="charge"/>
            <sequenceFlow id="b" sourceRef="charge" targetRef="paid"/>
            <sequenceFlow id="c" sourceRef="refused" targetRef="tell"/>
          </process>
        </definitions>
        """

    /// Runs an engine and hands over a client of its API; the model is deployed.
    private func withClient(_ body: @escaping @Sendable (Caller) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            configuration: Engine.Configuration(database: Database.current.settings),
            logger: logger
        )
        let api = EngineAPI(engine: engine, configuration: .init(), logger: logger)
        let application = Application(responder: api.responder, server: api.server, logger: logger)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await engine.run()
                return false
            }
            group.addTask {
                try await application.test(.live) { client in
                    let caller = Caller(client: client)
                    try await caller.deploy(Self.model)
                    try await body(caller)
                }
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                engine.drain()
                group.cancelAll()
                // However the engine ends now, the story is told.
                return
            }
        }
    }

    @Test func `a task is fetched, extended, failed, taken again and completed`() async throws {
        try await withClient { caller in
            let start = #"{"businessKey":"k","variables":{"amount":{"value":30,"type":"Long"},"note":{"value":"x"}}}"#
            let instance = try await caller.post("/process-definition/key/order/start", start, expecting: 200)
            let id = try #require(instance["id"]?.stringValue)
            let fetch =
                #"{"workerId":"w","maxTasks":5,"topics":[{"topicName":"charge","lockDuration":60000,"businessKey":"k"}]}"#
            let task = try #require(try await caller.post("/external-task/fetchAndLock", fetch, expecting: 200)[0])
            #expect(task["processInstanceId"]?.stringValue == id)
            #expect(task["variables"]?["amount"] == ["type": "Long", "value": 30, "valueInfo": [:]])
            #expect(task["priority"]?.int64Value == 7)
            let path = "/external-task/" + (task["id"]?.stringValue ?? "")

            try await caller.post(path + "/extendLock", #"{"workerId":"w","newDuration":90000}"#, expecting: 204)
            try await caller.post(path + "/extendLock", #"{"workerId":"other","newDuration":1}"#, expecting: 400)
            try await caller.post(
                path + "/failure",
                #"{"workerId":"w","errorMessage":"no","errorDetails":"why","retries":0}"#,
                expecting: 204
            )
            #expect(try await caller.count("/incident/count?incidentType=failedExternalTask") == 1)
            #expect(try await caller.count("/external-task/count?noRetriesLeft=true") == 1)
            #expect(try await caller.count("/external-task/count?withRetriesLeft=true") == 0)
            #expect(try await caller.post("/external-task/fetchAndLock", fetch, expecting: 200).arrayValue == [])
            try await caller.put(path + "/retries", #"{"retries":1}"#, expecting: 204)
            #expect(try await caller.count("/incident/count") == 0)

            try await caller.post(path + "/complete", #"{"workerId":"nobody"}"#, expecting: 400)
            let done = #"{"workerId":"w","variables":{"receipt":{"value":"r-1"}}}"#
            try await caller.post(path + "/complete", done, expecting: 204)
            try await caller.post(path + "/complete", done, expecting: 404)

            #expect(try await caller.count("/process-instance/count") == 0)
            let history = try await caller.get("/history/process-instance/\(id)")
            #expect(history["state"]?.stringValue == "COMPLETED")
            #expect(try await caller.count("/history/variable-instance/count?variableName=receipt") == 1)
            #expect(try await caller.count("/history/variable-instance/count?variableName=other") == 0)
            #expect(try await caller.count("/history/external-task-log/count?failureLog=true") == 1)
            #expect(try await caller.count("/history/external-task-log/count?successLog=true") == 1)
            #expect(try await caller.count("/history/incident/count?resolved=true") == 1)
            #expect(try await caller.count("/history/incident/count?open=true") == 0)
        }
    }

    @Test func `a BPMN error goes to its boundary event`() async throws {
        try await withClient { caller in
            try await caller.post("/process-definition/key/order/start", "{}", expecting: 200)
            let fetch = #"{"workerId":"w","maxTasks":1,"topics":[{"topicName":"charge","lockDuration":60000}]}"#
            let task = try #require(try await caller.post("/external-task/fetchAndLock", fetch, expecting: 200)[0])
            let path = "/external-task/" + (task["id"]?.stringValue ?? "")
            try await caller.post(path + "/bpmnError", #"{"workerId":"w","errorCode":"declined"}"#, expecting: 204)
            let waiting = try await caller.get("/external-task?activityId=tell")
            #expect(waiting.arrayValue?.count == 1)
            #expect(try await caller.count("/external-task/count?activityId=charge") == 0)
            #expect(try await caller.count("/history/activity-instance/count?activityId=charge&canceled=true") == 1)
            #expect(try await caller.count("/variable-instance/count?variableValues=code_eq_declined") == 1)
            #expect(try await caller.count("/variable-instance/count?variableValues=code_eq_other") == 0)
        }
    }

    @Test(arguments: [
        ("/external-task/nope/complete", #"{"workerId":"w"}"#, 404, "RestException"),
        ("/external-task/nope/complete", "{}", 500, "NullValueException"),
        ("/external-task/fetchAndLock", #"{"workerId":"w","maxTasks":-1}"#, 500, "ProcessEngineException"),
        ("/external-task/fetchAndLock", "{", 400, "InvalidRequestException"),
        ("/process-definition/key/nope/start", "{}", 404, "RestException"),
        ("/process-instance/nope/variables", #"{"modifications":{}}"#, 500, "RestException"),
    ])
    func `a wrong request gets the contract's error`(path: String, body: String, status: Int, type: String) async throws
    {
        try await withClient { caller in
            let answer = try await caller.post(path, body, expecting: status)
            #expect(answer["type"]?.stringValue == type)
        }
    }

    @Test func `more topics than a fetch may name are refused`() async throws {
        try await withClient { caller in
            let topics = (0...1000).map { #"{"topicName":"t\#($0)","lockDuration":1}"# }.joined(separator: ",")
            try await caller.post(
                "/external-task/fetchAndLock",
                #"{"workerId":"w","maxTasks":1,"topics":[\#(topics)]}"#,
                expecting: 400
            )
        }
    }
}

/// Calls the API and reads its answers.
private struct Caller: Sendable {
    let client: any TestClientProtocol

    func deploy(_ model: String) async throws {
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"order.bpmn\"\r\n\r\n\(model)\r\n--b--\r\n"
        let answer = try await client.execute(
            uri: "/engine-rest/deployment/create",
            method: .post,
            headers: [.contentType: "multipart/form-data; boundary=b"],
            body: ByteBuffer(string: form)
        )
        #expect(answer.status == .ok, "\(String(buffer: answer.body))")
    }

    @discardableResult
    func post(_ path: String, _ body: String, expecting status: Int) async throws -> JSONValue {
        try await send(.post, path, body, expecting: status)
    }

    func put(_ path: String, _ body: String, expecting status: Int) async throws {
        _ = try await send(.put, path, body, expecting: status)
    }

    func get(_ path: String) async throws -> JSONValue { try await send(.get, path, nil, expecting: 200) }

    func count(_ path: String) async throws -> Int64? { try await get(path)["count"]?.int64Value }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String?,
        expecting status: Int
    ) async throws -> JSONValue {
        let answer = try await client.execute(
            uri: "/engine-rest" + path,
            method: method,
            headers: body == nil ? [:] : [.contentType: "application/json"],
            body: body.map { ByteBuffer(string: $0) }
        )
        #expect(answer.status.code == status, "\(method) \(path): \(String(buffer: answer.body))")
        guard answer.body.readableBytes > 0 else { return .null }
        return try JSONParser.parse(Array(buffer: answer.body))
    }
}
