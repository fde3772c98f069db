import Access
import EngineRuntime
import Logging
import Testing

@testable import EngineAPI

/// Who is let in, on real sockets; the database cannot be reached.
@Suite(.timeLimit(.minutes(1))) struct `A server that asks who calls` {
    private static let fetch = #"{"workerId":"w","maxTasks":0}"#

    private func withServer(
        _ callers: Callers? = nil,
        _ body: @escaping @Sendable (LiveServer, Callers) async throws -> Void
    ) async throws {
        let callers = try callers ?? Callers([Identity(userID: "anna")])
        try await LiveServer.with(gates: [.default: callers.gate]) { server in try await body(server, callers) }
    }

    private static func expectRefusal(_ answer: RawConnection.Answer?) {
        #expect(answer?.status == 401)
        #expect(answer?.body == "")
        #expect(answer?.fields["content-type"] == nil)
        #expect(answer?.fields["content-length"] == "0")
        #expect(answer?.fields["www-authenticate"] == #"Basic realm="default""#)
    }

    @Test(arguments: [
        "", Callers.field("anna", password: "wrong"), Callers.field("nobody"), "Authorization: Basic nonsense\r\n",
        "Authorization: Bearer a.b.c\r\n", "Authorization: basic YW5uYTphbm5h\r\n",
        Callers.field("anna") + Callers.field("anna"),
    ])
    func `lets nobody in without the right credentials, by neither way`(field: String) async throws {
        try await withServer { server, _ in
            for path in [
                "external-task/fetchAndLock", "external-task/fetchAndLock?usual=way", "engine/default/message",
                "external-task/1/complete", "no/such/path",
            ] {
                try await server.connect { connection in
                    try await connection.send(Wire.send("POST", path, Self.fetch, field))
                    Self.expectRefusal(try await connection.answer())
                }
            }
            for path in ["/engine-rest/version", "/engine-rest", "/", "/engine-rest/engine/default", "/%FF", "/other"] {
                try await server.connect { connection in
                    try await connection.send(Wire.get(path, field))
                    Self.expectRefusal(try await connection.answer())
                }
            }
        }
    }

    @Test(arguments: ["/health/live", "/health/ready", "/engine-rest/engine", "/engine-rest/engine/"])
    func `asks nobody for what is for everybody`(path: String) async throws {
        try await withServer { server, _ in
            try await server.connect { connection in
                try await connection.send(Wire.get(path))
                let status = try await connection.answer()?.status
                #expect(status == 200 || (path == "/health/ready" && status == 503))
            }
        }
    }

    @Test(arguments: ["/engine-rest//engine", "/engine-rest/%65ngine", "/engine-rest/engine//", "/health"])
    func `exempts these paths exactly`(path: String) async throws {
        try await withServer { server, _ in
            try await server.connect { connection in
                try await connection.send(Wire.get(path))
                Self.expectRefusal(try await connection.answer())
            }
        }
    }

    @Test func `says first that an engine does not exist`() async throws {
        try await withServer { server, _ in
            try await server.connect { connection in
                for path in ["/engine-rest/engine/other/version", "/engine-rest/engine/other"] {
                    try await connection.send(Wire.get(path))
                    let answer = try await connection.answer()
                    #expect(answer?.status == 404)
                    #expect(
                        answer?.body
                            == #"{"type":"InvalidRequestException","message":"Process engine other not available","code":null}"#
                    )
                }
            }
        }
    }

    @Test func `lets in who has the right credentials, by the hot way from the second time`() async throws {
        try await withServer { server, _ in
            try await server.connect { connection in
                for _ in 0..<3 {
                    try await connection.send(
                        Wire.send("POST", "external-task/fetchAndLock", Self.fetch, Callers.field("anna"))
                    )
                    let answer = try await connection.answer()
                    #expect(answer?.status == 200)
                    #expect(answer?.body == "[]")
                }
                try await connection.send(Wire.get("/engine-rest/version", Callers.field("anna")))
                #expect(try await connection.answer()?.status == 200)
                try await connection.send(Wire.get("/engine-rest/no/such/path", Callers.field("anna")))
                #expect(try await connection.answer()?.status == 404)
            }
        }
    }

    @Test func `forgets a removed user after the time that it says`() async throws {
        try await withServer { server, callers in
            try await server.connect { connection in
                let request = Wire.send("POST", "external-task/fetchAndLock", Self.fetch, Callers.field("anna"))
                try await connection.send(request)
                #expect(try await connection.answer()?.status == 200)
                callers.remove("anna")
                try await connection.send(request)
                #expect(try await connection.answer()?.status == 200)
                callers.wait(BasicAuthentication.lifetime)
                try await connection.send(request)
                Self.expectRefusal(try await connection.answer())
            }
        }
    }

    @Test func `refuses the right password, too, for a while after a wrong one`() async throws {
        try await withServer { server, callers in
            try await server.connect { connection in
                let path = "external-task/fetchAndLock"
                let right = Wire.send("POST", path, Self.fetch, Callers.field("anna"))
                try await connection.send(right)
                #expect(try await connection.answer()?.status == 200)
                try await connection.send(Wire.send("POST", path, Self.fetch, Callers.field("anna", password: "x")))
                Self.expectRefusal(try await connection.answer())
                try await connection.send(right)
                Self.expectRefusal(try await connection.answer())
                callers.wait(.seconds(3))
                try await connection.send(right)
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test func `answers before a body has come`() async throws {
        try await withServer { server, _ in
            try await server.connect { connection in
                let whole = Wire.send("POST", "external-task/fetchAndLock", Self.fetch)
                try await connection.send(String(whole.dropLast(Self.fetch.count)))
                Self.expectRefusal(try await connection.answer())
                try await connection.send(Self.fetch + Wire.get("/engine-rest/engine"))
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test func `keeps the identity of a poll that waits`() async throws {
        try await withServer { server, callers in
            try await server.connect { connection in
                let body = #"{"workerId":"w","maxTasks":0,"asyncResponseTimeout":60000}"#
                let poll = Wire.send("POST", "external-task/fetchAndLock", body, Callers.field("anna"))
                try await connection.send(Wire.get("/engine-rest/version", Callers.field("anna")) + poll)
                #expect(try await connection.answer()?.status == 200)
                await server.polls(wait: 1)
                callers.remove("anna")
                callers.wait(.seconds(100))
                server.engine.drainPolls()
                #expect(try await connection.answer()?.body == "[]")
            }
        }
    }

    @Test func `offers every way that is open`() async throws {
        let bearer = BearerAuthentication(
            rules: TokenRules(issuer: "i", audience: "a"),
            keys: KeyRing(source: { [] }, logger: .init(label: "test"))
        )
        let gate = Gate(realm: "default", basic: nil, bearer: bearer)
        try await LiveServer.with(gates: [.default: gate]) { server in
            try await server.connect { connection in
                try await connection.send(Wire.get("/engine-rest/version"))
                let answer = try await connection.answer()
                #expect(answer?.status == 401)
                #expect(answer?.fields["www-authenticate"] == #"Bearer realm="default""#)
                try await connection.send(Wire.get("/engine-rest/version", "Authorization: Bearer a.b.c\r\n"))
                let refused = try await connection.answer()
                #expect(refused?.status == 401)
                #expect(refused?.fields["www-authenticate"] == #"Bearer realm="default", error="invalid_token""#)
            }
        }
    }
}
