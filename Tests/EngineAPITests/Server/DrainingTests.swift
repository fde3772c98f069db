import EngineRuntime
import JSON
import Testing
import TestSupport

@testable import EngineAPI

/// A node that is about to end, on real sockets.
@Suite(.database, .timeLimit(.minutes(1))) struct `A draining node` {
    private static let patientFetch = """
        {"workerId":"p","maxTasks":1,"asyncResponseTimeout":60000,"topics":[{"topicName":"work","lockDuration":60000}]}
        """

    private func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            await server.untilReady()
            try await body(server)
        }
    }

    @Test func `is not ready, and says why, while it still lives`() async throws {
        try await withServer { server in
            server.drain()
            try await server.connect { connection in
                try await connection.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let ready = try #require(try await connection.answer())
                #expect(ready.status == 503)
                #expect(ready.json["engines"]?[0]?["state"]?.stringValue == "draining")
            }
            try await server.connect { connection in
                try await connection.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test func `answers a parked poll at once with nothing, and closes its connection`() async throws {
        try await withServer { server in
            try await server.connect { waiting in
                try await waiting.send("POST", "/external-task/fetchAndLock", Self.patientFetch)
                await server.polls(wait: 1)
                server.drain()
                let answer = try #require(try await waiting.answer())
                #expect(answer.status == 200)
                #expect(answer.body == "[]")
                #expect(answer.fields["connection"] == "close")
                #expect(try await waiting.answer() == nil)
            }
        }
    }

    @Test(arguments: ["/external-task/fetchAndLock", "/external-task/fetchAndLock?by=another+way"])
    func `lets no poll wait any more`(path: String) async throws {
        try await withServer { server in
            server.drain()
            try await server.connect { connection in
                try await connection.send("POST", path, Self.patientFetch)
                let answer = try #require(try await connection.answer())
                #expect(answer.body == "[]")
                #expect(answer.fields["connection"] == "close")
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func `serves whatever still comes, each answer the last of its connection`() async throws {
        try await withServer { server in
            try await server.connect { _ = try await $0.deploy(workModel("order")) }
            try await server.connect { (kept: inout RawConnection) async throws -> Void in
                #expect(try await kept.get("/version").fields["connection"] == nil)
                server.drain()
                // A connection from before is used once more.
                let start = try await kept.post("/process-definition/key/order/start", "{}")
                #expect(start.status == 200)
                #expect(start.fields["connection"] == "close")
                #expect(try await kept.answer() == nil)
            }
            let task = try await server.connect { (connection: inout RawConnection) async throws in
                // The task is there: it is handed out at once.
                try await connection.post("/external-task/fetchAndLock", Self.patientFetch).json[0]?["id"]?.stringValue
            }
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let path = "/external-task/\(task ?? "")/complete"
                #expect(try await connection.post(path, #"{"workerId":"p"}"#).status == 204)
                #expect(try await connection.answer() == nil)
            }
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let count = try await connection.get("/external-task/count")
                #expect(count.body == #"{"count":0}"#)
                #expect(count.fields["connection"] == "close")
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test func `answers all requests that were sent in one go before it closes`() async throws {
        try await withServer { server in
            server.drain()
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                for _ in 0..<3 {
                    try await connection.send("POST", "/external-task/fetchAndLock", #"{"workerId":"w","maxTasks":0}"#)
                }
                var statuses: [Int] = []
                while let answer = try? await connection.answer() { statuses.append(answer.status) }
                #expect(statuses.first == 200)
                #expect(statuses.allSatisfy { $0 == 200 })
            }
        }
    }
}
