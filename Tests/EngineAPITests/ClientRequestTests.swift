import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// What the usual worker libraries send, member by member, and what they read from the answers.
@Suite(.database, .serialized) struct `A worker library` {
    /// The types, values and infos that tasks carry: what comes out of a fetch goes into a report again.
    private static let variables = #"""
        {"text":{"type":"String","value":"ä"},"number":{"type":"Integer","value":1},
         "long":{"type":"Long","value":3000000000},"short":{"type":"Short","value":5},
         "fraction":{"type":"Double","value":1.5},"flag":{"type":"Boolean","value":true},
         "nothing":{"type":"Null","value":null},"bytes":{"type":"Bytes","value":"AQID"},
         "date":{"type":"Date","value":"2025-03-09T14:05:00.250+0000"},
         "json":{"type":"Json","value":"{\"a\": 1}"},"xml":{"type":"Xml","value":"<a/>"},
         "object":{"type":"Object","value":"[1]","valueInfo":
           {"objectTypeName":"java.util.ArrayList","serializationDataFormat":"application/json"}},
         "file":{"type":"File","value":"aGVsbG8=","valueInfo":{"filename":"a.txt","mimeType":"text/plain"}}}
        """#

    /// The first task of a fetch.
    private func fetch(_ api: APIUnderTest, _ body: String) async throws -> JSONValue {
        let reply = try await api.send(.post, "/external-task/fetchAndLock", body)
        #expect(reply.status == 200, "\(reply.text)")
        // Some libraries read the body only when the header is exactly this.
        #expect(reply.headers[.contentType] == "application/json")
        return reply.json[0] ?? .null
    }

    private func report(_ api: APIUnderTest, _ path: String, _ body: String?) async throws {
        let reply = try await api.send(.post, path, body)
        #expect(reply.status == 204, "\(path): \(reply.text)")
        #expect(reply.bytes.isEmpty)
        #expect(reply.headers[.contentType] == nil)
    }

    @Test func `in Java sends every field, null or not`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("java")
            let instance = try await api.start("java", #"{"variables":\#(Self.variables)}"#)
            let wish = #"""
                {"workerId":"w","maxTasks":10,"asyncResponseTimeout":null,"usePriority":true,
                 "sorting":[{"sortBy":"createTime","sortOrder":"desc"}],
                 "topics":[{"topicName":"java","lockDuration":20000,"variables":null,"businessKey":null,
                   "processDefinitionId":null,"processDefinitionIdIn":null,"processDefinitionKey":null,
                   "processDefinitionKeyIn":null,"processDefinitionVersionTag":null,"processVariables":null,
                   "withoutTenantId":false,"tenantIdIn":null,"localVariables":false,
                   "includeExtensionProperties":false}]}
                """#
            let task = try await fetch(api, wish)
            let id = task["id"]?.stringValue ?? ""
            #expect(task["processInstanceId"]?.stringValue == instance)
            #expect(task["priority"]?.int64Value == 0)
            #expect(task["retries"] == .null)
            #expect(task["suspended"] == false)
            #expect(task["extensionProperties"] == [:])
            #expect(task["variables"]?["object"]?["value"]?.stringValue == "[1]")
            #expect(task["variables"]?["file"]?["value"] == .null)

            try await report(api, "/external-task/\(id)/unlock", "null")
            #expect(try await fetch(api, wish)["id"]?.stringValue == id)
            try await report(api, "/external-task/\(id)/lock", #"{"workerId":"w","lockDuration":1000}"#)
            try await report(api, "/external-task/\(id)/extendLock", #"{"workerId":"w","newDuration":60000}"#)
            try await report(
                api,
                "/process-instance/\(task["executionId"]?.stringValue ?? "")/variables",
                #"{"workerId":"w","modifications":{"text":{"value":"b","type":"string","valueInfo":null}}}"#
            )
            #expect(try await api.get("/process-instance/\(instance)/variables/text")["value"]?.stringValue == "b")
            let content = try await api.send(
                .get,
                "/process-instance/\(id)/variables/file/data",
                headers: [.contentType: "application/json"]
            )
            #expect(content.text == "hello")
            try await report(
                api,
                "/external-task/\(id)/failure",
                #"""
                {"workerId":"w","errorMessage":"m","errorDetails":"d","retries":1,"retryTimeout":0,"variables":{},
                 "localVariables":{"l":{"value":1,"type":"integer","valueInfo":null}}}
                """#
            )
            let again = try await fetch(api, wish)
            #expect(again["retries"]?.int64Value == 1)
            #expect(again["errorDetails"]?.stringValue == "d")
            // What was fetched is reported as it came; a file's content is not in it.
            var variables = try #require(again["variables"]?.objectValue)
            variables["file"] = nil
            let sent = JSONValue.object(variables).text
            try await report(
                api,
                "/external-task/\(id)/complete",
                #"{"workerId":"w","variables":\#(sent),"localVariables":null}"#
            )
            #expect(try await api.get("/history/process-instance/\(instance)")["state"]?.stringValue == "COMPLETED")
        }
    }

    @Test func `in JavaScript sends types in lower case, and unlocks without a body`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("js")
            let (instance, task) = try await api.startTask("js", #"{"variables":\#(Self.variables)}"#)
            let unlocked = try await api.send(.post, "/external-task/\(task)/unlock", bytes: nil, headers: [:])
            #expect(unlocked.status == 204)
            let wish = #"""
                {"maxTasks":10,"usePriority":true,"topics":[{"topicName":"js","lockDuration":50000}],"workerId":"w"}
                """#
            #expect(try await fetch(api, wish)["id"]?.stringValue == task)
            let file = try await api.send(.get, "/execution/\(instance)/localVariables/file/data")
            #expect(file.text == "hello")
            #expect(file.headers[.contentType] == "text/plain")
            try await report(
                api,
                "/external-task/\(task)/complete",
                #"""
                {"workerId":"w","variables":{"date":{"type":"date","value":"2025-03-09T14:05:00.250+0000"},
                  "json":{"type":"json","value":"[1]","valueInfo":{}},"n":{"value":null,"type":"null","valueInfo":{}},
                  "d":{"value":1.5,"type":"double","valueInfo":{}},"l":{"value":5000000000,"type":"long","valueInfo":{}},
                  "f":{"type":"file","value":"aGk=","valueInfo":{"filename":"b.txt","mimetype":"text/plain"}}}}
                """#
            )
            let history = try await api.get(
                "/history/variable-instance?processInstanceId=\(instance)&variableNameIn=date,json,n,d,l,f"
                    + "&sortBy=variableName&sortOrder=asc&deserializeValues=false"
            )
            #expect(
                history.arrayValue?.map { $0["type"]?.stringValue } == [
                    "Double", "Date", "File", "Json", "Long", "Null",
                ]
            )
            #expect(history[2]?["valueInfo"] == ["filename": "b.txt"])
        }
    }

    @Test func `in Python wants deserialized values and no sorting`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask(
                "python",
                extensions: #"<camunda:properties><camunda:property name="p" value="1"/></camunda:properties>"#
            )
            _ = try await api.start("python", #"{"variables":\#(Self.variables)}"#)
            let task = try await fetch(
                api,
                #"""
                {"workerId":"w","maxTasks":1,"asyncResponseTimeout":30000,"usePriority":false,"sorting":null,
                 "topics":[{"topicName":"python","lockDuration":300000,"processVariables":{},
                   "includeExtensionProperties":true,"deserializeValues":true,"variables":null}]}
                """#
            )
            #expect(task["extensionProperties"] == ["p": "1"])
            #expect(task["variables"]?["object"]?["value"] == [1])
            #expect(task["variables"]?["json"]?["value"]?.stringValue == #"{"a": 1}"#)
            try await report(
                api,
                "/external-task/\(task["id"]?.stringValue ?? "")/complete",
                #"{"workerId":"w","variables":{"v":{"value":{"a":[1,2]}},"n":{"value":null}},"localVariables":{}}"#
            )
        }
    }
}
