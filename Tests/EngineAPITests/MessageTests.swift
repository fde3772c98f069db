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

/// Messages over HTTP, on a real database.
@Suite(.database, .serialized) struct `Messages over HTTP` {
    private static func model(_ key: String, _ inside: String) -> String {
        """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <message id="m" name="paid-\(key)"/><message id="n" name="start-\(key)"/>
          <signal id="g" name="alarm-\(key)"/>
          <process id="\(key)" isExecutable="true">\(inside)</process>
        </definitions>
        """
    }

    private static let waiting = """
        <startEvent id="s"/><receiveTask id="w" messageRef="m"/><receiveTask id="plain"/>
        <serviceTask id="after" camunda:type="external" camunda:topic="after"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="w"/><sequenceFlow id="b" sourceRef="w" targetRef="plain"/>
        <sequenceFlow id="c" sourceRef="plain" targetRef="after"/>
        """

    /// Runs an engine and hands over a client of its API.
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
                while await !engine.isReady() { await Task.yield() }
                try await application.test(.live) { try await body(Caller(client: $0)) }
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                engine.drain()
                group.cancelAll()
                return
            }
        }
    }

    @Test func `a message finds the one who waits, who goes on with what it brings`() async throws {
        try await withClient { caller in
            try await caller.deploy(Self.model("one", Self.waiting))
            let started = try await caller.start("one", #"{"businessKey":"k-1","variables":{"order":{"value":7}}}"#)
            let id = try #require(started["id"]?.stringValue)
            let list = try await caller.get("/event-subscription?processInstanceId=\(id)&eventType=message")
            let subscription = try #require(list[0])
            #expect(subscription["eventName"]?.stringValue == "paid-one")
            #expect(subscription["activityId"]?.stringValue == "w")
            #expect(subscription["createdDate"]?.stringValue != nil && subscription["tenantId"] == .null)
            #expect(try await caller.count("/event-subscription/count?eventName=paid-one") == 1)
            #expect(try await caller.count("/event-subscription/count?eventType=signal&eventName=paid-one") == 0)
            let execution = try #require(subscription["executionId"]?.stringValue)
            let direct = try await caller.get("/execution/\(execution)/messageSubscriptions/paid-one")
            #expect(direct == subscription)
            #expect(try await caller.count("/execution/count?messageEventSubscriptionName=paid-one") == 1)
            #expect(try await caller.count("/execution/count?signalEventSubscriptionName=paid-one") == 0)
            #expect(try await caller.count("/history/activity-instance/count?activityId=w&unfinished=true") == 1)

            let message = """
                {"messageName":"paid-one","businessKey":"k-1","correlationKeys":{"order":{"value":7,"type":"Integer"}},
                "processVariables":{"amount":{"value":5}},"processVariablesLocal":{"here":{"value":true}},
                "resultEnabled":true,"variablesInResultEnabled":true}
                """
            let results = try await caller.post("/message", message, expecting: 200)
            let result = try #require(results[0])
            #expect(result["resultType"]?.stringValue == "Execution" && result["processInstance"] == .null)
            #expect(result["execution"]?["id"]?.stringValue == execution)
            #expect(result["execution"]?["processInstanceId"]?.stringValue == id)
            #expect(result["execution"]?["ended"] == true)
            #expect(result["variables"]?["order"]?["value"] == 7)
            #expect(try await caller.get("/event-subscription?processInstanceId=\(id)").arrayValue == [])
            #expect(try await caller.get("/process-instance/\(id)/variables")["amount"]?["value"] == 5)
            #expect(
                try await caller.count("/history/activity-instance/count?activityType=receiveTask&finished=true") == 1
            )
            #expect(try await caller.count("/history/variable-instance/count?variableName=here") == 1)

            let tree = try await caller.get("/process-instance/\(id)/activity-instances")
            let child = try #require(tree["childActivityInstances"]?[0])
            #expect(child["activityId"]?.stringValue == "plain" && child["activityType"]?.stringValue == "receiveTask")
            let token = try #require(child["executionIds"]?[0]?.stringValue)
            let body = #"{"variables":{"more":{"value":"x"}}}"#
            try await caller.post("/execution/\(token)/signal", body, expecting: 204)
            #expect(try await caller.count("/external-task/count?processInstanceId=\(id)") == 1)
            #expect(try await caller.get("/process-instance/\(id)/variables")["more"]?["value"] == "x")
            try await caller.delete("/process-instance/\(id)")
        }
    }

    @Test func `a message is told apart by instance, business key and variables, or refused`() async throws {
        try await withClient { caller in
            try await caller.deploy(Self.model("two", Self.waiting))
            let first = try await caller.start("two", #"{"businessKey":"a","variables":{"v":{"value":"x"}}}"#)
            let second = try await caller.start("two", #"{"businessKey":"b","variables":{"v":{"value":"y"}}}"#)
            let ids = [first, second].compactMap { $0["id"]?.stringValue }
            let several = try await caller.post("/message", #"{"messageName":"paid-two"}"#, expecting: 400)
            #expect(several["type"]?.stringValue == "RestException")
            #expect(
                several["message"]?.stringValue?.hasPrefix(
                    "ENGINE-13031 Cannot correlate a message with name 'paid-two' to a single execution. 2 executions match"
                ) == true
            )
            for (key, value) in [
                ("businessKey", #""c""#), ("processInstanceId", #""nope""#), ("tenantId", #""t""#),
                ("correlationKeys", #"{"v":{"value":"z"}}"#), ("localCorrelationKeys", #"{"v":{"value":"x"}}"#),
            ] {
                let none = try await caller.post(
                    "/message",
                    #"{"messageName":"paid-two","\#(key)":\#(value)}"#,
                    expecting: 400
                )
                #expect(
                    none["message"]?.stringValue
                        == "Cannot correlate message 'paid-two': No process definition or execution matches the parameters"
                )
                #expect(none["type"]?.stringValue == "RestException")
            }
            try await caller.put("/process-instance/\(ids[1])/suspended", #"{"suspended":true}"#, expecting: 204)
            try await caller.post("/message", #"{"messageName":"paid-two","businessKey":"b"}"#, expecting: 400)
            try await caller.put("/process-instance/\(ids[1])/suspended", #"{"suspended":false}"#, expecting: 204)
            let byKey = #"{"messageName":"paid-two","correlationKeys":{"v":{"value":"y"}},"withoutTenantId":true}"#
            try await caller.post("/message", byKey, expecting: 204)
            #expect(try await caller.count("/event-subscription/count?processInstanceId=\(ids[1])") == 0)
            let all = #"{"messageName":"paid-two","all":true,"resultEnabled":true}"#
            #expect(try await caller.post("/message", all, expecting: 200).arrayValue?.count == 1)
            #expect(try await caller.post("/message", all, expecting: 200).arrayValue == [])
            for id in ids { try await caller.delete("/process-instance/\(id)") }
        }
    }

    @Test func `an execution is triggered by its id`() async throws {
        try await withClient { caller in
            try await caller.deploy(Self.model("three", Self.waiting))
            let id = try #require(try await caller.start("three", "{}")["id"]?.stringValue)
            let subscription = try await caller.get("/event-subscription?processInstanceId=\(id)")[0]
            let execution = try #require(subscription?["executionId"]?.stringValue)
            let path = "/execution/\(execution)/messageSubscriptions"
            let wrong = try await caller.post("\(path)/other/trigger", "{}", expecting: 500)
            #expect(wrong["type"]?.stringValue == "RestException")
            #expect(
                wrong["message"]?.stringValue
                    == "Cannot trigger message other for execution \(execution): Execution with id '\(execution)' does not have a subscription to a message event with name 'other'"
            )
            #expect(
                try await caller.get("\(path)/other", expecting: 404)["type"]?.stringValue == "InvalidRequestException"
            )
            try await caller.put("/process-instance/\(id)/suspended", #"{"suspended":true}"#, expecting: 204)
            #expect(
                try await caller.post("\(path)/paid-three/trigger", "{}", expecting: 500)["type"]?.stringValue
                    == "RestException"
            )
            try await caller.put("/process-instance/\(id)/suspended", #"{"suspended":false}"#, expecting: 204)
            let body = #"{"variables":{"v":{"value":1,"type":"Long"}}}"#
            try await caller.post("\(path)/paid-three/trigger", body, expecting: 204)
            try await caller.post("\(path)/paid-three/trigger", body, expecting: 500)
            #expect(try await caller.get("/process-instance/\(id)/variables")["v"]?["value"] == 1)
            try await caller.delete("/process-instance/\(id)")
        }
    }

    @Test func `a message starts an instance of the latest version`() async throws {
        let starting = """
            <startEvent id="plain"/><startEvent id="byMessage"><messageEventDefinition messageRef="n"/></startEvent>
            <serviceTask id="after" camunda:type="external" camunda:topic="after"/>
            <sequenceFlow id="a" sourceRef="plain" targetRef="after"/><sequenceFlow id="b" sourceRef="byMessage" targetRef="after"/>
            """
        try await withClient { caller in
            let first = try await caller.deploy(Self.model("four", starting))
            let latest = try await caller.deploy(Self.model("four", starting))
            #expect(try await caller.count("/event-subscription/count?eventName=start-four") == 1)
            let message = """
                {"messageName":"start-four","businessKey":"k","processVariables":{"v":{"value":3}},"resultEnabled":true,
                "variablesInResultEnabled":true}
                """
            let result = try #require(try await caller.post("/message", message, expecting: 200)[0])
            #expect(result["resultType"]?.stringValue == "ProcessDefinition" && result["execution"] == .null)
            #expect(result["processInstance"]?["businessKey"]?.stringValue == "k")
            #expect(result["processInstance"]?["definitionId"]?.stringValue?.hasPrefix("four:2:") == true)
            #expect(result["variables"]?["v"]?["value"] == 3)
            let id = try #require(result["processInstance"]?["id"]?.stringValue)
            let started = try await caller.get(
                "/history/activity-instance?processInstanceId=\(id)&activityType=messageStartEvent"
            )
            #expect(started[0]?["activityId"]?.stringValue == "byMessage")
            let narrowed = #"{"messageName":"start-four","processInstanceId":"\#(id)"}"#
            try await caller.post("/message", narrowed, expecting: 400)
            try await caller.delete("/process-instance/\(id)")

            let taken = Self.model("thief", starting).replacing("start-thief", with: "start-four")
            let refused = try await caller.deploy(taken, expecting: 500)
            #expect(refused["type"]?.stringValue == "ProcessEngineException")
            #expect(refused["message"]?.stringValue?.hasPrefix("ENGINE-01011") == true)

            try await caller.delete("/deployment/\(latest["id"]?.stringValue ?? "")")
            let again = try #require(try await caller.post("/message", message, expecting: 200)[0])
            #expect(again["processInstance"]?["definitionId"]?.stringValue?.hasPrefix("four:1:") == true)
            try await caller.delete("/deployment/\(first["id"]?.stringValue ?? "")?cascade=true")
            try await caller.post("/message", #"{"messageName":"start-four"}"#, expecting: 400)
        }
    }

    private static let listening = """
        <startEvent id="s"/><startEvent id="bySignal"><signalEventDefinition signalRef="g"/></startEvent>
        <intermediateCatchEvent id="w"><signalEventDefinition signalRef="g"/></intermediateCatchEvent>
        <serviceTask id="after" camunda:type="external" camunda:topic="after"/>
        <boundaryEvent id="b" attachedToRef="after" cancelActivity="false"><signalEventDefinition signalRef="g"/></boundaryEvent>
        <receiveTask id="beside"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="w"/><sequenceFlow id="f2" sourceRef="w" targetRef="after"/>
        <sequenceFlow id="f3" sourceRef="bySignal" targetRef="after"/><sequenceFlow id="f4" sourceRef="b" targetRef="beside"/>
        """

    @Test func `a signal reaches all who wait at that moment, and starts processes`() async throws {
        try await withClient { caller in
            try await caller.deploy(Self.model("five", Self.listening))
            var ids: [String] = []
            for _ in 0..<3 { ids.append(try await caller.start("five", "{}")["id"]?.stringValue ?? "") }
            try await caller.put("/process-instance/\(ids[2])/suspended", #"{"suspended":true}"#, expecting: 204)
            let signal = #"{"name":"alarm-five","variables":{"why":{"value":"fire"}}}"#
            try await caller.post("/signal", signal, expecting: 204)
            // Two went on, one is suspended, one was started; what began to wait because of the signal waits on.
            #expect(try await caller.count("/external-task/count?topicName=after") == 3)
            #expect(try await caller.count("/event-subscription/count?eventType=signal&activityId=w") == 1)
            #expect(try await caller.count("/event-subscription/count?eventType=signal&activityId=b") == 3)
            #expect(try await caller.get("/process-instance/\(ids[0])/variables")["why"]?["value"] == "fire")
            #expect(try await caller.count("/history/activity-instance/count?activityType=signalStartEvent") == 1)
            #expect(
                try await caller.count(
                    "/history/activity-instance/count?activityType=intermediateSignalCatch&finished=true"
                ) == 2
            )

            try await caller.put("/process-instance/\(ids[2])/suspended", #"{"suspended":false}"#, expecting: 204)
            let list = try await caller.get("/event-subscription?eventType=signal&processInstanceId=\(ids[0])")
            let execution = try #require(list[0]?["executionId"]?.stringValue)
            let one = #"{"name":"alarm-five","executionId":"\#(execution)"}"#
            try await caller.post("/signal", one, expecting: 204)
            try await caller.post("/signal", one, expecting: 204)
            #expect(try await caller.count("/history/activity-instance/count?activityType=boundarySignal") == 2)
            #expect(try await caller.count("/external-task/count?topicName=after") == 3)
            try await caller.post("/signal", #"{"name":"alarm-five","tenantId":"t"}"#, expecting: 204)
            #expect(try await caller.count("/event-subscription/count?eventType=signal&activityId=w") == 1)
            let running = try await caller.get("/process-instance?processDefinitionKey=five")
            for instance in running.arrayValue ?? [] {
                try await caller.delete("/process-instance/\(instance["id"]?.stringValue ?? "")")
            }
            #expect(try await caller.count("/event-subscription/count?eventType=signal") == 1)
        }
    }

    @Test(arguments: [
        ("/signal", "{}", 400, "InvalidRequestException", "No signal name given"),
        (
            "/signal", #"{"name":"x","executionId":"e","tenantId":"t"}"#, 400, "BadUserRequestException",
            "Cannot deliver a signal with a tenant-id to a single execution."
        ),
        (
            "/signal", #"{"name":"x","executionId":"nope"}"#, 500, "ProcessEngineException",
            "Execution 'nope' has not subscribed to a signal event with name 'x'."
        ),
        (
            "/signal", #"{"name":"x","variables":{"a":{"value":"b","type":"Integer"}}}"#, 400,
            "InvalidRequestException", "Cannot throw signal: "
        ),
        ("/message", "{}", 400, "InvalidRequestException", "No message name supplied"),
        (
            "/message", #"{"messageName":"x","tenantId":"t","withoutTenantId":true}"#, 400, "InvalidRequestException",
            "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
        ),
        (
            "/message", #"{"messageName":"x","variablesInResultEnabled":true}"#, 400, "InvalidRequestException",
            "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true."
        ),
        (
            "/message", #"{"messageName":"x","processVariablesToTriggeredScope":{"a":{"value":1}}}"#, 400,
            "InvalidRequestException", "processVariablesToTriggeredScope is not supported yet"
        ),
        (
            "/message", #"{"messageName":"x","processVariables":{"a":{"value":"b","type":"Integer"}}}"#, 400,
            "InvalidRequestException", "Cannot deliver message: "
        ),
        (
            "/message", #"{"messageName":"x"}"#, 400, "RestException",
            "Cannot correlate message 'x': No process definition or execution matches the parameters"
        ),
        (
            "/execution/nope/signal", "{}", 500, "RestException",
            "Cannot signal execution nope: execution nope doesn't exist: execution is null"
        ),
        (
            "/execution/nope/messageSubscriptions/x/trigger", #"{"variables":{"a":{"value":"b","type":"Integer"}}}"#,
            400, "InvalidRequestException", "Cannot trigger message x for execution nope: "
        ),
    ])
    func `a wrong request gets the contract's error`(
        path: String,
        body: String,
        status: Int,
        type: String,
        message: String
    ) async throws {
        try await withClient { caller in
            let answer = try await caller.post(path, body, expecting: status)
            #expect(answer["type"]?.stringValue == type)
            #expect(answer["message"]?.stringValue?.hasPrefix(message) == true, "\(answer)")
        }
    }
}

/// Calls the API and reads its answers.
private struct Caller: Sendable {
    let client: any TestClientProtocol

    @discardableResult
    func deploy(_ model: String, expecting status: Int = 200) async throws -> JSONValue {
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"m.bpmn\"\r\n\r\n\(model)\r\n--b--\r\n"
        return try await send(.post, "/deployment/create", form, "multipart/form-data; boundary=b", expecting: status)
    }

    func start(_ key: String, _ body: String) async throws -> JSONValue {
        try await post("/process-definition/key/\(key)/start", body, expecting: 200)
    }

    @discardableResult
    func post(_ path: String, _ body: String, expecting status: Int) async throws -> JSONValue {
        try await send(.post, path, body, expecting: status)
    }

    func put(_ path: String, _ body: String, expecting status: Int) async throws {
        _ = try await send(.put, path, body, expecting: status)
    }

    func delete(_ path: String) async throws { _ = try await send(.delete, path, nil, expecting: 204) }

    func get(_ path: String, expecting status: Int = 200) async throws -> JSONValue {
        try await send(.get, path, nil, expecting: status)
    }

    func count(_ path: String) async throws -> Int64? { try await get(path)["count"]?.int64Value }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String?,
        _ contentType: String = "application/json",
        expecting status: Int
    ) async throws -> JSONValue {
        let answer = try await client.execute(
            uri: "/engine-rest" + path,
            method: method,
            headers: body == nil ? [:] : [.contentType: contentType],
            body: body.map { ByteBuffer(string: $0) }
        )
        #expect(answer.status.code == status, "\(method) \(path): \(String(buffer: answer.body))")
        guard answer.body.readableBytes > 0 else { return .null }
        return try JSONParser.parse(Array(buffer: answer.body))
    }
}
