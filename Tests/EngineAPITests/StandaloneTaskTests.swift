import FoundationEssentials
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// Tasks that belong to no process, over HTTP, on a real database.
@Suite(.database, .serialized) struct `A task without a process` {
    private static let id = "0196fd1c-7a60-7000-8000-0000000000aa"

    @Test func `lives from creation to completion`() async throws {
        try await APICaller.run { caller in
            let body = #"{"id":"\#(Self.id)","name":"Call","assignee":"ann","priority":70,"tenantId":"acme"}"#
            try await caller.post("/task/create", body, expecting: 204)
            let path = "/task/\(Self.id)"
            let seen = try await caller.get(path)
            #expect(seen["name"] == "Call" && seen["tenantId"] == "acme" && seen["priority"] == 70)
            for member in ["processInstanceId", "processDefinitionId", "executionId", "taskDefinitionKey"] {
                #expect(seen[member] == .null, "\(member)")
            }
            #expect(try await caller.count("/task/count?tenantIdIn=acme") == 1)
            #expect(try await caller.count("/execution/count") == 0)
            #expect(try await caller.count("/history/activity-instance/count") == 0)
            try await caller.post("/task/create", body, expecting: 400)

            try await caller.put(path + "/variables/v", #"{"value":3}"#, expecting: 204)
            #expect(try await caller.get(path + "/localVariables")["v"]?["value"] == 3)
            #expect(try await caller.get(path + "/variables/v")["value"] == 3)
            try await caller.post("/task/create", #"{"name":"Part","parentTaskId":"\#(Self.id)"}"#, expecting: 204)
            let parts = try await caller.get("/task?parentTaskId=\(Self.id)")
            #expect(parts[0]?["name"] == "Part" && parts[0]?["priority"] == 0)

            try await caller.post(path + "/bpmnError", #"{"errorCode":"e"}"#, expecting: 400)
            let done = #"{"variables":{"w":{"value":4}},"withVariablesInReturn":true}"#
            let variables = try await caller.post(path + "/complete", done, expecting: 200)
            #expect(variables["v"]?["value"] == 3 && variables["w"]?["value"] == 4)
            try await caller.get(path, expecting: 404)
            let history = try await caller.get("/history/task?taskId=\(Self.id)")
            #expect(history[0]?["taskState"] == "Completed" && history[0]?["tenantId"] == "acme")
            try await caller.post("/task/create", body, expecting: 400)
            #expect(history[0]?["processInstanceId"] == .null && history[0]?["rootProcessInstanceId"] == .null)
        }
    }

    @Test(arguments: [("complete", "Completed"), ("delete", "Deleted")])
    func `takes its parts with it when it ends`(ending: String, state: String) async throws {
        try await APICaller.run { caller in
            let ids = (0..<4).map { _ in UUID().uuidString.lowercased() }
            for (id, parent) in zip(ids, ["null", "\"\(ids[0])\"", "\"\(ids[1])\"", "null"]) {
                let body = #"{"id":"\#(id)","parentTaskId":\#(parent)}"#
                try await caller.post("/task/create", body, expecting: 204)
            }
            try await caller.put("/task/\(ids[2])/variables/v", #"{"value":3}"#, expecting: 204)
            try await caller.post("/task/\(ids[2])/identity-links", #"{"userId":"a","type":"t"}"#, expecting: 204)
            switch ending {
            case "complete": try await caller.post("/task/\(ids[0])/complete", "{}", expecting: 204)
            default: try await caller.delete("/task/\(ids[0])", expecting: 204)
            }
            #expect(try await caller.count("/task/count?taskIdIn=\(ids.joined(separator: ","))") == 1)
            #expect(try await caller.count("/history/variable-instance/count?executionIdIn=\(ids[2])") == 1)
            for id in ids[..<3] {
                let history = try await caller.get("/history/task?taskId=\(id)")
                #expect(history[0]?["taskState"]?.stringValue == state)
            }
        }
    }

    @Test func `can be deleted`() async throws {
        try await APICaller.run { caller in
            try await caller.post("/task/create", #"{"name":"Gone"}"#, expecting: 204)
            let tasks = try await caller.get("/task?name=Gone")
            let id = try #require(tasks[0]?["id"]?.stringValue)
            try await caller.delete("/task/\(id)", expecting: 204)
            #expect(try await caller.get("/history/task?taskId=\(id)")[0]?["taskState"] == "Deleted")
            try await caller.delete("/task/\(id)", expecting: 204)
        }
    }

    @Test(
        arguments: [
            (#"{"id":"my-task"}"#, 400), (#"{"delegationState":"x"}"#, 400), (#"{"parentTaskId":"nope"}"#, 500),
            (#"{"parentTaskId":"0196fd1c-7a60-7000-8000-0000000000ab"}"#, 500), (#"{"caseInstanceId":"c"}"#, 400),
            (#"{"due":"tomorrow"}"#, 400), ("[", 400),
        ] as [(String, Int)]
    )
    func `is not made from what makes no sense`(body: String, status: Int) async throws {
        try await APICaller.run { caller in try await caller.post("/task/create", body, expecting: status) }
    }
}
