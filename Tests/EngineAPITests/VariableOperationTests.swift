import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

@Suite(.database, .serialized) struct `Variables over HTTP` {
    private typealias SeenError = APIUnderTest.SeenError

    /// Long enough to go the way of large bodies and to be read after a claim.
    private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test func `are uploaded and downloaded as they are`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("upload")
            let (instance, task) = try await api.startTask("upload")
            let path = "/process-instance/\(instance)/variables"
            #expect(try await api.upload("\(path)/bytes/data", Self.content).status == 204)
            let file = try await api.upload(
                "\(path)/file/data",
                Self.content,
                disposition: "; filename=\"a b.txt\"",
                contentType: "text/plain; encoding=latin1",
                [("valueType", "File")]
            )
            #expect(file.status == 204)

            let bytes = try await api.send(.get, "\(path)/bytes/data")
            #expect(bytes.bytes == Self.content)
            #expect(bytes.headers[.contentType] == "application/octet-stream")
            #expect(bytes.headers[.contentDisposition] == nil)
            // As a worker asks for it, by the id of its task's execution, and from the instance's own scope.
            for path in ["/process-instance/\(task)/variables", "/execution/\(instance)/localVariables"] {
                let reply = try await api.send(.get, "\(path)/file/data", headers: [.contentType: "application/json"])
                #expect(reply.bytes == Self.content)
                #expect(reply.headers[.contentType] == "text/plain;charset=latin1")
                #expect(
                    reply.headers[.contentDisposition]
                        == "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt"
                )
            }
            #expect(
                try await api.get("\(path)/file")
                    == [
                        "type": "File", "value": nil,
                        "valueInfo": ["filename": "a b.txt", "mimeType": "text/plain", "encoding": "latin1"],
                    ]
            )
        }
    }

    @Test func `come as Base64 in JSON, but not in lists`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("base64")
            let text = String(decoding: Base64.encode(Self.content), as: UTF8.self)
            let instance = try await api.start(
                "base64",
                #"{"variables":{"b":{"type":"Bytes","value":"\#(text)"},"j":{"type":"Json","value":"{}"}}}"#
            )
            #expect(try await api.get("/process-instance/\(instance)/variables/b")["value"]?.stringValue == text)
            let fetched = try await api.post(
                "/external-task/fetchAndLock",
                #"{"workerId":"w","maxTasks":1,"topics":[{"topicName":"base64","lockDuration":9000}]}"#
            )
            #expect(fetched[0]?["variables"]?["b"]?["value"]?.stringValue == text)
            for list in ["/variable-instance?processInstanceIdIn=", "/history/variable-instance?processInstanceId="] {
                let rows = try await api.get("\(list)\(instance)&sortBy=variableName&sortOrder=asc")
                #expect(rows[0]?["type"]?.stringValue == "Bytes")
                #expect(rows[0]?["value"] == .null)
                #expect(rows[1]?["value"]?.stringValue == "{}")
            }
        }
    }

    @Test func `that are larger than the server takes are refused`() async throws {
        var configuration = EngineAPI.Configuration()
        configuration.maximumBodySize = 1000
        configuration.maximumUploadSize = 5000
        try await APIUnderTest.with(configuration: configuration) { api in
            try await api.deployTask("large")
            let instance = try await api.start("large")
            let path = "/process-instance/\(instance)/variables/v"
            let body = #"{"type":"Bytes","value":"\#(String(repeating: "A", count: 1000))"}"#
            let tooLarge = { (limit: Int) in
                SeenError(413, "InvalidRequestException", "The request body is larger than \(limit) bytes")
            }
            #expect(try await api.send(.put, path, body).error == tooLarge(1000))
            #expect(
                try await api.upload("\(path)/data", [UInt8](repeating: 0, count: 5000)).error == tooLarge(5000)
            )
            #expect(try await api.upload("\(path)/data", [UInt8](repeating: 0, count: 1000)).status == 204)
        }
    }

    @Test func `with an object that cannot be read fail alone, in lists not at all`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("unreadable")
            let broken = #"""
                {"type":"Object","value":"{ broken","valueInfo":
                 {"objectTypeName":"a.B","serializationDataFormat":"application/json"}}
                """#
            let instance = try await api.start(
                "unreadable",
                #"{"variables":{"broken":\#(broken),"fine":{"value":{"a":[1]}}}}"#
            )
            let path = "/process-instance/\(instance)/variables"
            let problem = "Cannot deserialize object in variable 'broken': it is not well-formed JSON"
            #expect(
                try await api.send(.get, "\(path)/broken").error
                    == SeenError(500, "RestException", "Cannot get process instance variable broken: " + problem, 0)
            )
            #expect(try await api.send(.get, path).error == SeenError(500, "ProcessEngineException", problem, 0))
            #expect(try await api.get("\(path)/broken?deserializeValue=false")["value"]?.stringValue == "{ broken")
            #expect(try await api.get("\(path)/fine")["value"] == ["a": [1]])
            let rows = try await api.get(
                "/variable-instance?processInstanceIdIn=\(instance)&sortBy=variableName&sortOrder=asc"
            )
            #expect(rows[0]?["value"] == .null)
            #expect(rows[0]?["errorMessage"]?.stringValue == problem)
            #expect(rows[0]?["valueInfo"]?["objectTypeName"]?.stringValue == "a.B")
            #expect(rows[1]?["value"] == ["a": [1]])
            #expect(rows[1]?["errorMessage"] == .null)

            let fetch = { (options: String) in
                try await api.send(
                    .post,
                    "/external-task/fetchAndLock",
                    #"{"workerId":"w","maxTasks":1,"topics":[{"topicName":"unreadable","lockDuration":9000\#(options)}]}"#
                )
            }
            let wanted = #","deserializeValues":true"#
            #expect(try await fetch(wanted).error == SeenError(500, "ProcessEngineException", problem, 0))
            let tasks = try await fetch(wanted + #","variables":["fine"]"#).json
            #expect(tasks[0]?["variables"]?["fine"]?["value"] == ["a": [1]])
        }
    }

    @Test func `that are gone leave history, which can be deleted`() async throws {
        try await APIUnderTest.with { api in
            try await api.deployTask("gone")
            let (instance, task) = try await api.startTask("gone", #"{"variables":{"v":{"value":1}}}"#)
            let list = "/history/variable-instance?processInstanceId=\(instance)"
            let id = try await api.get(list)[0]?["id"]?.stringValue ?? ""
            let path = "/history/variable-instance/\(id)"
            #expect(try await api.send(.delete, path).error?.status == 400)
            try await api.post("/external-task/\(task)/complete", #"{"workerId":"w"}"#)
            #expect(try await api.send(.delete, path).status == 204)
            #expect(try await api.get(list).arrayValue == [])
            #expect(
                try await api.send(.delete, path).error
                    == SeenError(
                        404,
                        "InvalidRequestException",
                        "No historic variable instance found with id: \(id): variable is null",
                        0
                    )
            )
            #expect(try await api.send(.delete, "/history/variable-instance/nope").status == 404)
        }
    }
}
