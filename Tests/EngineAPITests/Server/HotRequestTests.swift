import EngineRuntime
import NIOCore
import Testing

@testable import EngineAPI

/// Requests that are answered past Hummingbird, among others on real sockets; the database cannot be reached.
@Suite(.timeLimit(.minutes(1))) struct `A hot request` {
    /// Waits without asking the database.
    private static let patientPoll = #"{"workerId":"w","maxTasks":0,"asyncResponseTimeout":60000}"#

    private static func post(_ path: String, _ body: String, _ fields: String = "") -> String {
        """
        POST /engine-rest/\(path) HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        \(fields)Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    private static func complete(_ id: String) -> String { post("external-task/\(id)/complete", #"{"workerId":"w"}"#) }
    private static func missing(_ id: String) -> String {
        #"{"type":"RestException","message":"External task with id \#(id) does not exist","code":0}"#
    }
    private static func get(_ path: String) -> String { "GET /engine-rest/\(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }

    @Test func `keeps its place among others that are sent without waiting`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                let version = Self.get("version")
                try await connection.send(
                    Self.complete("1") + version + Self.complete("2") + Self.complete("3") + version + version
                        + Self.complete("4")
                )
                var bodies: [String] = []
                for _ in 0..<7 { bodies.append(try await connection.answer()?.body ?? "none") }
                let answer = #"{"version":"7.24.0"}"#
                #expect(
                    bodies == [
                        Self.missing("1"), answer, Self.missing("2"), Self.missing("3"), answer, answer,
                        Self.missing("4"),
                    ]
                )
            }
        }
    }

    @Test func `may come byte by byte`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                for byte in (Self.complete("1") + Self.get("version") + Self.complete("2")).unicodeScalars {
                    try await connection.send(String(byte))
                }
                #expect(try await connection.answer()?.body == Self.missing("1"))
                #expect(try await connection.answer()?.status == 200)
                #expect(try await connection.answer()?.body == Self.missing("2"))
            }
        }
    }

    @Test(arguments: [
        ("external-task/fetchAndLock", #"{"workerId":"w","maxTasks":1}"#, ""), ("external-task/fetchAndLock", "{", ""),
        ("external-task/fetchAndLock", "[]", ""), ("external-task/fetchAndLock", " ", ""),
        ("external-task/fetchAndLock", "null", ""), ("external-task/fetchAndLock", "", ""),
        ("external-task/fetchAndLock", #"{"workerId":"w","maxTasks":-1}"#, ""),
        ("external-task/fetchAndLock", "{}", "Accept: text/plain\r\n"),
        ("external-task/fetchAndLock", "{}", "Accept: application/json, text/plain, */*\r\n"),
        ("external-task/fetchAndLock", "{}", "Content-Type: text/plain\r\n"),
        ("external-task/x/complete", #"{"workerId":"w"}"#, ""), ("external-task/x/complete", "{}", ""),
        ("external-task/x/failure", #"{"workerId":"w","retries":-1}"#, ""),
        ("external-task/x/bpmnError", #"{"workerId":"w","errorCode":"c"}"#, ""),
        ("external-task/x/extendLock", #"{"workerId":"w","newDuration":1}"#, ""), ("external-task/x/unlock", "", ""),
        ("process-definition/x/start", #"{"variables":{"a":{"value":1,"type":"Nope"}}}"#, ""),
        ("process-definition/x/start", #"{"caseInstanceId":"c"}"#, ""),
    ])
    func `is answered as on the usual way`(path: String, body: String, field: String) async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(Self.post(path, body, field))
                var hot = try #require(try await connection.answer())
                // A query makes it go the usual way.
                try await connection.send(Self.post(path + "?usual=way", body, field))
                var usual = try #require(try await connection.answer())
                #expect(hot.fields.removeValue(forKey: "date")?.utf8.count == 29)
                #expect(usual.fields.removeValue(forKey: "date")?.utf8.count == 29)
                #expect(hot == usual)
            }
        }
    }

    @Test func `with a body that is too large is refused, and the connection goes on`() async throws {
        var configuration = EngineAPI.Configuration()
        configuration.maximumBodySize = 1000
        try await LiveServer.with(configuration: configuration) { server in
            try await server.connect { connection in
                let body = String(repeating: " ", count: 1001)
                try await connection.send(Self.post("external-task/fetchAndLock", body) + Self.complete("1"))
                #expect(try await connection.answer()?.status == 413)
                #expect(try await connection.answer()?.body == Self.missing("1"))
            }
        }
    }

    @Test func `is the last one when the client wants the connection closed`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                let last = Self.post("external-task/2/complete", #"{"workerId":"w"}"#, "Connection: close\r\n")
                try await connection.send(Self.complete("1") + last)
                #expect(try await connection.answer()?.body == Self.missing("1"))
                #expect(try await connection.answer()?.body == Self.missing("2"))
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func `by HTTP/1.0 is answered`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(
                    Self.complete("1").replacing("HTTP/1.1", with: "HTTP/1.0")
                )
                #expect(try await connection.answer()?.body == Self.missing("1"))
            }
        }
    }

    @Test func `is followed by the answer to what cannot be read`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(Self.complete("1") + "nonsense\r\n\r\n")
                #expect(try await connection.answer()?.body == Self.missing("1"))
                #expect(try await connection.answer()?.status == 400)
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func `is answered when its client sends nothing more`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(Self.complete("1") + Self.complete("2"))
                connection.finishSending()
                #expect(try await connection.answer()?.body == Self.missing("1"))
                #expect(try await connection.answer()?.body == Self.missing("2"))
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func `that breaks off is forgotten`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(String(Self.complete("1").dropLast()))
                connection.finishSending()
                let answer = try await connection.answer()
                #expect(answer == nil || answer?.status == 400)
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test(arguments: [
        "POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
        "POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
            + "Content-Type: application/json\r\n\r\n{",
        "PUT /engine-rest/external-task/1/retries HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            + "Content-Type: application/json\r\n\r\n1\r\n{\r\n",
    ])
    func `whose rest does not come ends its connection, not that of one who waits for an answer`(
        beginning: String
    ) async throws {
        var configuration = EngineAPI.Configuration()
        configuration.sendPatience = .milliseconds(20)
        try await LiveServer.with(configuration: configuration) { server in
            try await server.connect { waiting in
                try await waiting.send(Self.post("external-task/fetchAndLock", Self.patientPoll) + beginning)
                await server.polls(wait: 1)
                try await server.connect { stopped in
                    try await stopped.send(beginning)
                    let answer = try await stopped.answer()
                    #expect(answer == nil || [408, 415].contains(answer?.status))
                    #expect(try await stopped.answer() == nil)
                }
                #expect(server.engine.longPoll.parkedCount == 1)
            }
        }
    }

    @Test(arguments: [true, false])
    func `that waits is taken out when its client goes`(closesWhole: Bool) async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(Self.post("external-task/fetchAndLock", Self.patientPoll))
                await server.polls(wait: 1)
                if !closesWhole {
                    connection.finishSending()
                    await server.polls(wait: 0)
                }
            }
            await server.polls(wait: 0)
        }
    }

    @Test(arguments: ["external-task/fetchAndLock", "external-task/fetchAndLock?usual=way"])
    func `that waits for a worker who may have one is answered 503 without content when a newer one waits`(
        path: String
    ) async throws {
        var limits = WaiterList.Limits()
        limits.onePerWorker = true
        try await LiveServer.with(polls: limits) { server in
            try await server.connect { older in
                try await older.send(Self.post(path, Self.patientPoll))
                await server.polls(wait: 1)
                try await server.connect { newer in
                    try await newer.send(Self.post(path, Self.patientPoll))
                    let answer = try #require(try await older.answer())
                    #expect(answer.status == 503)
                    #expect(answer.fields["content-length"] == "0")
                    #expect(answer.fields["content-type"] == nil && answer.fields["retry-after"] == nil)
                    #expect(server.engine.longPoll.parkedCount == 1)
                }
            }
        }
    }

    @Test func `that waits is taken out although more was sent after it`() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(
                    Self.post("external-task/fetchAndLock", Self.patientPoll) + Self.get("version")
                )
                await server.polls(wait: 1)
            }
            await server.polls(wait: 0)
        }
    }

    @Test func `gets its answer before the server that shuts down closes the connection`() async throws {
        try await LiveServer.with { server in
            try await server.connect { idle in
                try await idle.send(Self.complete("1"))
                #expect(try await idle.answer()?.status == 404)
                try await server.connect { waiting in
                    try await waiting.send(
                        Self.post("external-task/fetchAndLock", Self.patientPoll) + Self.get("version")
                    )
                    await server.polls(wait: 1)
                    await server.shutDown()
                    #expect(try await waiting.answer()?.body == "[]")
                    #expect(try await waiting.answer()?.body == #"{"version":"7.24.0"}"#)
                    #expect(try await waiting.answer() == nil)
                    #expect(try await idle.answer() == nil)
                }
            }
        }
    }
}
