import EngineRuntime
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// Two engines in one database, over real sockets.
@Suite(.database, .timeLimit(.minutes(1))) struct `A named engine` {
    private static let orders = ["orders"].compactMap { EngineName($0) }

    private func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(database: Database.current.settings, others: Self.orders) { server in
            await server.untilReady()
            try await body(server)
        }
    }

    @Test func `is listed after the default one, and only by the server itself`() async throws {
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                #expect(try await connection.get("/engine").body == #"[{"name":"default"},{"name":"orders"}]"#)
                #expect(try await connection.get("/engine/orders/engine").status == 404)
                #expect(try await connection.get("/engine/orders").status == 404)
            }
        }
    }

    @Test(arguments: ["nope", "Orders", "order", "orders2"])
    func `must be one that there is`(name: String) async throws {
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let missing = #"{"type":"InvalidRequestException","message":"No process engine available","code":null}"#
                let read = try await connection.get("/engine/\(name)/process-instance")
                #expect(read.status == 400)
                #expect(read.body == missing)
                let hot = try await connection.post("/engine/\(name)/external-task/fetchAndLock", "{}")
                #expect(hot.status == 400)
                #expect(hot.body == missing)
                #expect(try await connection.get("/engine/\(name)/version").status == 200)
            }
        }
    }

    @Test func `shares nothing with the others`() async throws {
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let orders = "/engine/orders"
                let deployment = try await connection.deploy(workModel("order"), to: orders)
                let link = deployment["links"]?[0]?["href"]?.stringValue
                #expect(link?.hasPrefix("http://localhost/engine-rest/engine/orders/deployment/") == true)
                #expect(try await connection.post("/process-definition/key/order/start", "{}").status == 404)

                let instance = try await connection.post("\(orders)/process-definition/key/order/start", "{}").json
                let id = try #require(instance["id"]?.stringValue)
                #expect(try await connection.get("\(orders)/process-instance/\(id)").status == 200)
                for root in ["", "/engine/default"] {
                    #expect(try await connection.get("\(root)/process-instance/\(id)").status == 404)
                    #expect(try await connection.get("\(root)/history/process-instance/count").body == #"{"count":0}"#)
                    let fetch = try await connection.post("\(root)/external-task/fetchAndLock", Self.fetch)
                    #expect(fetch.body == "[]")
                }

                let task = try await connection.post("\(orders)/external-task/fetchAndLock", Self.fetch).json[0]
                let taskID = try #require(task?["id"]?.stringValue)
                let complete = "external-task/\(taskID)/complete"
                #expect(try await connection.post("/\(complete)", #"{"workerId":"w"}"#).status == 404)
                #expect(try await connection.post("\(orders)/\(complete)", #"{"workerId":"w"}"#).status == 204)
                #expect(try await connection.get("\(orders)/process-instance/count").body == #"{"count":0}"#)
            }
        }
    }

    @Test func `wakes its own polls only`() async throws {
        try await withServer { server in
            let orders = try #require(server.engines["orders"])
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                try await connection.deploy(workModel("order"), to: "")
                try await connection.deploy(workModel("order"), to: "/engine/orders")
            }
            try await server.connect { waiting in
                try await waiting.send("POST", "/engine/orders/external-task/fetchAndLock", Self.patientFetch)
                while orders.longPoll.parkedCount != 1 { await Task.yield() }
                try await server.connect { (connection: inout RawConnection) async throws -> Void in
                    // Work in another engine is none of its business …
                    #expect(try await connection.post("/process-definition/key/order/start", "{}").status == 200)
                    #expect(orders.longPoll.parkedCount == 1)
                    // … its own is.
                    let start = try await connection.post("/engine/orders/process-definition/key/order/start", "{}")
                    let tasks = try #require(try await waiting.answer()).json
                    #expect(tasks[0]?["processInstanceId"] == start.json["id"])
                    #expect(try await connection.get("/external-task/count?notLocked=true").body == #"{"count":1}"#)
                }
            }
        }
    }

    @Test func `makes the node unready while it is not there`() async throws {
        try await LiveServer.with(others: Self.orders) { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                #expect(try await connection.ready().status == 503)
            }
        }
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                #expect(try await connection.ready().status == 200)
                server.engines["orders"]?.drainPolls()
                #expect(try await connection.ready().status == 503)
            }
        }
    }

    private static let fetch = #"{"workerId":"w","maxTasks":5,"topics":[{"topicName":"work","lockDuration":60000}]}"#
    private static let patientFetch = """
        {"workerId":"p","maxTasks":1,"asyncResponseTimeout":60000,"topics":[{"topicName":"work","lockDuration":60000}]}
        """
}

extension RawConnection {
    fileprivate mutating func ready() async throws -> Answer {
        try await send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try #require(try await answer())
    }
}
