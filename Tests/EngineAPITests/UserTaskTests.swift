import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import TestSupport
import Testing

@testable import EngineAPI

/// User tasks over HTTP, on a real database.
@Suite(.database, .serialized) struct `User tasks` {
    private static let model = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <process id="claims" name="Claims" isExecutable="true">
            <startEvent id="start"/>
            <userTask id="check" name="Check ${what}" camunda:assignee="${who}" camunda:candidateUsers="cara"
                camunda:candidateGroups="office,sales" camunda:dueDate="2030-01-01T00:00:00" camunda:priority="60"
                camunda:formKey="embedded:app:forms/check.html"/>
            <userTask id="sign" camunda:formRef="sign" camunda:formRefBinding="latest"/>
            <boundaryEvent id="refused" attachedToRef="check"><errorEventDefinition/></boundaryEvent>
            <userTask id="repair"/>
            <endEvent id="end"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="check"/>
            <sequenceFlow id="b" sourceRef="check" targetRef="sign"/>
            <sequenceFlow id="c" sourceRef="sign" targetRef="end"/>
            <sequenceFlow id="d" sourceRef="refused" targetRef="repair"/>
          </process>
        </definitions>
        """

    /// Runs an engine with the model; each test has an instance of its own.
    private func withTask(
        who: String? = nil,
        _ body: @escaping @Sendable (APICaller, _ task: String, _ instance: String) async throws -> Void
    ) async throws {
        try await APICaller.run(deploying: Self.model) { caller in
            let assignee = who.map { "\"\($0)\"" } ?? "null"
            let start = #"{"businessKey":"k","variables":{"what":{"value":"it"},"who":{"value":\#(assignee)}}}"#
            let started = try await caller.post("/process-definition/key/claims/start", start, expecting: 200)
            let instance = try #require(started["id"]?.stringValue)
            let tasks = try await caller.get("/task?processInstanceId=\(instance)")
            try await body(caller, try #require(tasks[0]?["id"]?.stringValue), instance)
        }
    }

    @Test func `show what their model says`() async throws {
        try await withTask(who: "ann") { caller, task, instance in
            let seen = try await caller.get("/task/\(task)")
            #expect(seen["name"]?.stringValue == "Check it")
            #expect(seen["assignee"]?.stringValue == "ann")
            #expect(seen["due"]?.stringValue == "2030-01-01T00:00:00.000+0000")
            #expect(seen["priority"]?.int64Value == 60)
            #expect(seen["formKey"]?.stringValue == "embedded:app:forms/check.html")
            #expect(seen["camundaFormRef"] == .null && seen["delegationState"] == .null)
            #expect(seen["lastUpdated"] == .null && seen["taskState"]?.stringValue == "Created")
            #expect(seen["executionId"]?.stringValue == task)
            let form = try await caller.get("/task/\(task)/form")
            #expect(form["key"]?.stringValue == "embedded:app:forms/check.html" && form["contextPath"] == .null)

            try await caller.post("/task/\(task)/complete", "{}", expecting: 204)
            let next = try await caller.get("/task?processInstanceId=\(instance)")
            #expect(next[0]?["camundaFormRef"] == ["key": "sign", "binding": "latest", "version": .null])
        }
    }

    @Test func `are claimed, given back, assigned`() async throws {
        try await withTask { caller, task, _ in
            try await caller.post("/task/\(task)/claim", #"{"userId":"ann"}"#, expecting: 204)
            try await caller.post("/task/\(task)/claim", #"{"userId":"ann"}"#, expecting: 204)
            let refused = try await caller.post("/task/\(task)/claim", #"{"userId":"bob"}"#, expecting: 500)
            #expect(refused["type"]?.stringValue == "TaskAlreadyClaimedException")
            #expect(refused["message"]?.stringValue == "Task '\(task)' is already claimed by someone else.")
            #expect(try await caller.get("/task/\(task)")["assignee"]?.stringValue == "ann")
            #expect(try await caller.get("/task/\(task)")["lastUpdated"] != .null)
            try await caller.post("/task/\(task)/unclaim", "", expecting: 204)
            #expect(try await caller.count("/task/count?unassigned=true&taskId=\(task)") == 1)
            try await caller.post("/task/\(task)/assignee", #"{"userId":"bob"}"#, expecting: 204)
            #expect(try await caller.count("/task/count?assignee=bob&taskId=\(task)") == 1)
        }
    }

    @Test func `are delegated and resolved`() async throws {
        try await withTask(who: "ann") { caller, task, instance in
            try await caller.post("/task/\(task)/delegate", #"{"userId":"bob"}"#, expecting: 204)
            let delegated = try await caller.get("/task/\(task)")
            #expect(delegated["owner"]?.stringValue == "ann" && delegated["assignee"]?.stringValue == "bob")
            #expect(delegated["delegationState"]?.stringValue == "PENDING")
            #expect(try await caller.count("/task/count?delegationState=PENDING&taskId=\(task)") == 1)
            #expect(try await caller.count("/task/count?delegationState=resolved&taskId=\(task)") == 0)
            let variables = #"{"variables":{"opinion":{"value":"fine"}}}"#
            try await caller.post("/task/\(task)/resolve", variables, expecting: 204)
            let resolved = try await caller.get("/task/\(task)")
            #expect(
                resolved["assignee"]?.stringValue == "ann" && resolved["delegationState"]?.stringValue == "RESOLVED"
            )
            let opinion = try await caller.get("/process-instance/\(instance)/variables/opinion")
            #expect(opinion["value"]?.stringValue == "fine")
            try await caller.get("/task/count?delegationState=maybe", expecting: 400)
            let bad = #"{"variables":{"n":{"value":"x","type":"Integer"}}}"#
            let error = try await caller.post("/task/\(task)/resolve", bad, expecting: 400)
            #expect(error["message"]?.stringValue?.hasPrefix("Cannot resolve task \(task): ") == true)
        }
    }

    @Test func `are completed, telling the process's variables`() async throws {
        try await withTask { caller, task, instance in
            let body = #"{"variables":{"n":{"value":7},"what":{"value":"that"}},"withVariablesInReturn":true}"#
            let variables = try await caller.post("/task/\(task)/complete", body, expecting: 200)
            #expect(variables["n"] == ["type": "Integer", "value": 7, "valueInfo": [:]])
            #expect(variables["what"]?["value"]?.stringValue == "that")
            #expect(variables["who"]?["value"] == .null)
            let missing = try await caller.post("/task/\(task)/complete", "{}", expecting: 500)
            #expect(missing["message"]?.stringValue?.hasPrefix("Cannot complete task \(task): ") == true)

            // The last task ends the instance; its variables are told all the same.
            let next = try await caller.get("/task?processInstanceId=\(instance)")
            let last = try #require(next[0]?["id"]?.stringValue)
            let large = String(repeating: "x", count: 3_900) + String(repeating: "ü", count: 100)
            try await caller.put("/task/\(last)/variables/large", #"{"value":"\#(large)"}"#, expecting: 204)
            let end = try await caller.post(
                "/task/\(last)/complete",
                #"{"withVariablesInReturn":true}"#,
                expecting: 200
            )
            #expect(end["n"]?["value"] == 7)
            #expect(end["large"]?["value"]?.stringValue == large)
            #expect(try await caller.count("/process-instance/count?processInstanceIds=\(instance)") == 0)
        }
    }

    @Test func `are updated as a whole`() async throws {
        try await withTask(who: "ann") { caller, task, _ in
            let body = """
                {"name":"New","description":"d","assignee":"bob","owner":"olga","delegationState":"PENDING",
                 "due":"2031-02-03T04:05:06.000+0000","followUp":"2031-01-01T00:00:00.000+0000","priority":5}
                """
            try await caller.put("/task/\(task)", body, expecting: 204)
            let seen = try await caller.get("/task/\(task)")
            #expect(seen["name"]?.stringValue == "New" && seen["owner"]?.stringValue == "olga")
            #expect(seen["due"]?.stringValue == "2031-02-03T04:05:06.000+0000")
            #expect(seen["followUp"]?.stringValue == "2031-01-01T00:00:00.000+0000")
            #expect(seen["priority"]?.int64Value == 5 && seen["delegationState"]?.stringValue == "PENDING")
            #expect(seen["taskDefinitionKey"]?.stringValue == "check")
            try await caller.put("/task/\(task)", "{}", expecting: 204)
            #expect(try await caller.get("/task/\(task)")["name"] == .null)
            let wrong = #"{"delegationState":"MAYBE"}"#
            try await caller.put("/task/\(task)", wrong, expecting: 400)
            try await caller.put("/task/nope", "{}", expecting: 404)
            try await caller.put("/task/\(task)", #"{"parentTaskId":"nope"}"#, expecting: 500)
        }
    }

    @Test func `have identity links`() async throws {
        try await withTask(who: "ann") { caller, task, _ in
            let path = "/task/\(task)/identity-links"
            let seen = try await caller.get(path)
            #expect(
                seen == [
                    ["userId": "cara", "groupId": .null, "type": "candidate"],
                    ["userId": .null, "groupId": "office", "type": "candidate"],
                    ["userId": .null, "groupId": "sales", "type": "candidate"],
                    ["userId": "ann", "groupId": .null, "type": "assignee"],
                ]
            )
            try await caller.post(path, #"{"userId":"dora","type":"reviewer"}"#, expecting: 204)
            try await caller.post(path, #"{"userId":"dora","type":"reviewer"}"#, expecting: 204)
            try await caller.post(path, #"{"userId":"olga","type":"owner"}"#, expecting: 204)
            try await caller.post(path + "/delete", #"{"groupId":"sales","type":"candidate"}"#, expecting: 204)
            try await caller.post(path + "/delete", #"{"userId":"ann","type":"assignee"}"#, expecting: 204)
            #expect(try await caller.get(path).arrayValue?.count == 4)
            #expect(
                try await caller.get(path + "?type=reviewer") == [
                    ["userId": "dora", "groupId": .null, "type": "reviewer"]
                ]
            )
            #expect(try await caller.count("/task/count?involvedUser=dora&taskId=\(task)") == 1)
            for body in [#"{"type":"x"}"#, #"{"userId":"a","groupId":"b","type":"x"}"#] {
                try await caller.post(path, body, expecting: 400)
            }
            try await caller.post(path, #"{"userId":"a"}"#, expecting: 500)
            try await caller.post(path, #"{"groupId":"a","type":"assignee"}"#, expecting: 500)
            try await caller.get("/task/nope/identity-links", expecting: 500)
        }
    }

    @Test func `report errors to their boundary events`() async throws {
        try await withTask { caller, task, instance in
            let unnamed = try await caller.post("/task/\(task)/bpmnError", "{}", expecting: 400)
            #expect(unnamed["type"]?.stringValue == "RestException")
            try await caller.post("/task/\(task)/bpmnError", #"{"errorCode":"e"}"#, expecting: 204)
            let next = try await caller.get("/task?processInstanceId=\(instance)")
            #expect(next[0]?["taskDefinitionKey"]?.stringValue == "repair")
            try await caller.post("/task/\(task)/bpmnError", #"{"errorCode":"e"}"#, expecting: 404)
        }
    }

    @Test(arguments: ["claim", "assignee", "delegate", "unclaim", "resolve", "complete"])
    func `that do not exist cannot be worked on`(operation: String) async throws {
        try await APICaller.run(deploying: Self.model) { caller in
            for id in ["nope", "0196fd1c-0000-7000-8000-00000000000a"] {
                let error = try await caller.post("/task/\(id)/\(operation)", #"{"userId":"a"}"#, expecting: 500)
                #expect(error["message"]?.stringValue?.contains("Cannot find task with id \(id): task is null") == true)
            }
        }
    }

    @Test func `have variables of their own`() async throws {
        try await withTask { caller, task, instance in
            try await caller.put("/task/\(task)/localVariables/mine", #"{"value":1}"#, expecting: 204)
            try await caller.post(
                "/task/\(task)/variables",
                #"{"modifications":{"mine":{"value":2},"ours":{"value":true}},"deletions":["who"]}"#,
                expecting: 204
            )
            #expect(try await caller.get("/task/\(task)/localVariables")["mine"]?["value"] == 2)
            #expect(try await caller.get("/task/\(task)/localVariables")["ours"] == nil)
            let seen = try await caller.get("/task/\(task)/variables")
            #expect(seen["ours"]?["value"] == true && seen["who"] == nil && seen["mine"]?["value"] == 2)
            #expect(try await caller.count("/task/count?taskVariables=mine_eq_2&taskId=\(task)") == 0)
            let typed = #"{"taskId":"\#(task)","taskVariables":[{"name":"mine","operator":"eq","value":2}]}"#
            #expect(try await caller.post("/task/count", typed, expecting: 200)["count"] == 1)
            let listed = try await caller.get("/task?taskId=\(task)&withTaskLocalVariablesInReturn=true")
            #expect(listed[0]?["variables"] == ["mine": ["type": "Integer", "value": 2, "valueInfo": [:]]])
            let all = try await caller.get("/task/\(task)?withTaskVariablesInReturn=true")
            #expect(all["variables"]?["ours"]?["value"] == true)
            _ = instance
        }
    }

    @Test(arguments: ["variables", "localVariables"])
    func `take files and give them back`(scope: String) async throws {
        try await withTask { caller, task, _ in
            let path = "/task/\(task)/\(scope)/file-\(scope)/data"
            let form = [
                "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.txt\"\r\nContent-Type: text/plain",
                "\r\n\r\nhello\r\n--b\r\nContent-Disposition: form-data; name=\"valueType\"\r\n\r\nFile\r\n--b--\r\n",
            ]
            let sent = try await caller.client.execute(
                uri: "/engine-rest" + path,
                method: .post,
                headers: [.contentType: "multipart/form-data; boundary=b"],
                body: ByteBuffer(string: form.joined())
            )
            #expect(sent.status == .noContent)
            let answer = try await caller.answer(.get, path)
            #expect(String(buffer: answer.body) == "hello")
            let missing = try await caller.get("/task/\(task)/\(scope)/nope/data", expecting: 404)
            #expect(missing["message"] == "task variable with name nope does not exist")
        }
    }

    @Test func `stay in history`() async throws {
        try await withTask(who: "ann") { caller, task, instance in
            let running = try await caller.get("/history/task?processInstanceId=\(instance)")
            #expect(running[0]?["assignee"]?.stringValue == "ann" && running[0]?["endTime"] == .null)
            try await caller.post("/task/\(task)/delegate", #"{"userId":"bob"}"#, expecting: 204)
            let changed = try await caller.get("/history/task?taskId=\(task)")
            #expect(changed[0]?["taskState"] == "Updated")
            try await caller.post("/task/\(task)/complete", "{}", expecting: 204)
            let ended = try await caller.get("/history/task?taskId=\(task)")
            #expect(ended[0]?["assignee"]?.stringValue == "bob" && ended[0]?["owner"]?.stringValue == "ann")
            #expect(ended[0]?["deleteReason"]?.stringValue == "completed" && ended[0]?["duration"]?.int64Value != nil)
            #expect(ended[0]?["taskState"]?.stringValue == "Completed" && ended[0]?["priority"] == 60)
            #expect(try await caller.count("/history/task/count?taskAssignee=bob&finished=true&taskId=\(task)") == 1)
            let either = #"{"processInstanceId":"\#(instance)","orQueries":[{"taskOwner":"ann","unfinished":true}]}"#
            #expect(try await caller.post("/history/task/count", either, expecting: 200)["count"] == 2)
            let activities = try await caller.get(
                "/history/activity-instance?activityId=check&processInstanceId=\(instance)"
            )
            #expect(activities[0]?["assignee"]?.stringValue == "bob" && activities[0]?["taskId"]?.stringValue == task)
        }
    }
}
