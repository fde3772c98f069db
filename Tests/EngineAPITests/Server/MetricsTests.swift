import Access
import EngineRuntime
import Foundation
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// `GET /metrics`, on real sockets and a real database.
@Suite(.timeLimit(.minutes(2))) struct `The page of metrics` {
    private static func fetch(_ number: Int, waiting: Int = 0) -> String {
        """
        {"workerId":"w","maxTasks":\(number),"asyncResponseTimeout":\(waiting),
         "topics":[{"topicName":"work","lockDuration":60000}]}
        """
    }

    private func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            await server.untilReady()
            try await server.connect { _ = try await $0.deploy(workModel("order")) }
            try await body(server)
        }
    }

    @Test(.database) func `counts what happens to the tasks of a topic`() async throws {
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                for _ in 0..<5 { _ = try await connection.post("/process-definition/key/order/start", "{}") }
                let tasks = try await connection.post("/external-task/fetchAndLock", Self.fetch(4)).json.elements
                let ids = tasks.compactMap { $0["id"]?.stringValue }
                #expect(ids.count == 4)
                _ = try await connection.post("/external-task/\(ids[0])/complete", #"{"workerId":"w"}"#)
                _ = try await connection.post("/external-task/\(ids[1])/failure", #"{"workerId":"w","retries":0}"#)
                _ = try await connection.post("/external-task/\(ids[2])/unlock", "{}")
                _ = try await connection.post(
                    "/external-task/\(ids[3])/bpmnError",
                    #"{"workerId":"w","errorCode":"e"}"#
                )
                // Refused: counts as nothing but a refusal.
                _ = try await connection.post("/external-task/\(ids[0])/complete", #"{"workerId":"w"}"#)

                let page = try await connection.metrics()
                let topic = ["engine": "default", "topic": "work"]
                for (name, count) in [
                    ("created", 5.0), ("claimed", 4), ("completed", 1), ("failures", 1), ("unlocked", 1),
                    ("bpmn_errors", 1), ("lock_extensions", 0), ("locks_expired", 0), ("given_back", 0),
                ] {
                    #expect(page.value("baton_external_task_\(name)_total", topic) == count, "\(name)")
                }
                for (state, count) in [("ready", 2.0), ("locked", 0), ("expired", 0), ("failed", 1)] {
                    let labels = topic.merging(["state": state]) { $1 }
                    #expect(page.value("baton_external_tasks", labels) == count, "\(state)")
                }
                #expect((page.value("baton_external_tasks_oldest_ready_age_seconds", topic) ?? -1) >= 0)
                #expect((page.value("baton_work_sample_age_seconds") ?? -1) >= 0)
                #expect(page.value("baton_process_instances_started_total") == 5)
                #expect(page.value("baton_process_instances_ended_total", ["state": "completed"]) == 2)
                #expect((page.value("baton_commands_total", ["outcome": "rejected"]) ?? 0) == 1)
                #expect(page.value("baton_claim_tasks_sum") == 4)
                #expect((page.value("baton_batch_commands_sum") ?? 0) >= 10)
                #expect((page.value("baton_batch_duration_seconds_count") ?? 0) >= 1)
                let roundTrips = "baton_database_round_trip_duration_seconds_count"
                for name in ["LoadBatch", "WriteBatch", "Claim", "TakeWorkSample"] {
                    #expect((page.value(roundTrips, ["statement": name]) ?? 0) >= 1, "\(name)")
                }
                #expect(page.value("baton_listener_connected") == 1)
                #expect(page.value("baton_pool_sessions_max", ["pool": "lanes"]) == 2)
                #expect((page.value("baton_pool_uses_total", ["pool": "claims"]) ?? 0) >= 1)
            }
        }
    }

    @Test(.database) func `tells who waits, and how soon work reached it`() async throws {
        try await withServer { server in
            try await server.connect { waiting in
                try await waiting.send("POST", "/external-task/fetchAndLock", Self.fetch(1, waiting: 60_000))
                await server.polls(wait: 1)
                try await server.connect { (connection: inout RawConnection) async throws -> Void in
                    let before = try await connection.metrics()
                    #expect(before.value("baton_polls_parked", ["topic": "work"]) == 1)
                    #expect(before.value("baton_polls_waiting") == 1)
                    _ = try await connection.post("/process-definition/key/order/start", "{}")
                }
                #expect(try await waiting.answer()?.json.elements.count == 1)
            }
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let after = try await connection.metrics()
                #expect(after.value("baton_polls_parked", ["topic": "work"]) == nil)
                #expect(after.value("baton_polls_waiting") == 0)
                #expect(after.value("baton_wake_up_duration_seconds_count", ["topic": "work"]) == 1)
                #expect((after.value("baton_polls_woken_total") ?? 0) >= 1)
            }
        }
    }

    @Test(.database) func `tells requests apart by route, method and status`() async throws {
        try await withServer { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let name = "baton_http_request_duration_seconds_count"
                _ = try await connection.post("/external-task/4711/complete", #"{"workerId":"w"}"#)
                _ = try await connection.post("/external-task/4712/complete?usual=way", #"{"workerId":"w"}"#)
                _ = try await connection.post("/external-task/fetchAndLock", Self.fetch(1))
                _ = try await connection.get("/process-instance/count")
                _ = try await connection.get("/no/such/path")
                try await connection.send(Wire.get("/health/live"))
                _ = try await connection.answer()
                let page = try await connection.metrics()
                let complete = ["method": "POST", "route": "/external-task/{id}/complete"]
                #expect(page.value(name, complete.merging(["status": "4xx"]) { $1 }) == 2)
                #expect(page.value(name, complete.merging(["status": "2xx"]) { $1 }) == nil)
                #expect(page.value(name, ["route": "/external-task/fetchAndLock", "status": "2xx"]) == 1)
                #expect(page.value(name, ["route": "/process-instance/count", "status": "2xx"]) == 1)
                #expect(page.value(name, ["route": "_none", "status": "4xx"]) == 1)
                #expect(page.value(name, ["route": "/health"]) == 1)
            }
            // A client that goes while its poll waits.
            try await server.connect { gone in
                try await gone.send("POST", "/external-task/fetchAndLock", Self.fetch(1, waiting: 60_000))
                await server.polls(wait: 1)
            }
            await server.polls(wait: 0)
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let labels = ["route": "/external-task/fetchAndLock", "status": "none"]
                while try await connection.metrics().value("baton_http_request_duration_seconds_count", labels) != 1 {
                    await Task.yield()
                }
            }
        }
    }

    @Test(.database) func `has all that the dashboard shows`() async throws {
        let file = URL(filePath: #filePath).appending(path: "../../../../deploy/grafana/baton.json").standardized
        let dashboard = try JSONParser.parse(Array(Data(contentsOf: file)))
        let queries = dashboard["panels"]?.elements.flatMap { $0["targets"]?.elements ?? [] } ?? []
        let expressions = queries.compactMap { $0["expr"]?.stringValue }
        #expect(expressions.count > 20)
        try await withServer { server in
            try await server.connect { waiting in
                try await waiting.send("POST", "/external-task/fetchAndLock", Self.fetch(1, waiting: 60_000))
                await server.polls(wait: 1)
                try await server.connect { (connection: inout RawConnection) async throws -> Void in
                    _ = try await connection.post("/process-definition/key/order/start", "{}")
                }
                _ = try await waiting.answer()
            }
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                // One that waits in vain.
                _ = try await connection.post("/process-definition/key/order/start", "{}")
                let page = try await connection.metrics()
                for expression in expressions {
                    for selector in expression.matches(of: /((?:baton|process)_[a-z_]+)(?:\{([^}]*)\})?/) {
                        let labels = selector.2?.matches(of: /([a-z_]+)!?="/).map { String($0.1) } ?? []
                        let known = page.labels(of: String(selector.1))
                        #expect(known?.isSuperset(of: labels.filter { $0 != "job" }) == true, "\(selector.0)")
                    }
                }
            }
        }
    }

    @Test func `is there without a database, and says what the system knows`() async throws {
        try await LiveServer.with { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let page = try await connection.metrics()
                #expect(
                    page.value("baton_build_info", ["version": ProductVersion.number, "api_version": "7.24.0"]) == 1
                )
                #expect(page.value("baton_listener_connected") == 0)
                #expect(page.value("baton_external_tasks") == nil)
                #expect((page.value("process_resident_memory_bytes") ?? 0) > 1_000_000)
                #expect((page.value("process_cpu_seconds_total") ?? 0) > 0)
                #expect((page.value("process_open_fds") ?? 0) > 3)
                #expect((page.value("process_start_time_seconds") ?? 0) > 1_500_000_000)
                #expect(page.types["process_cpu_seconds_total"] == "counter")
            }
        }
    }

    @Test func `has every engine under its name`() async throws {
        let orders = try #require(EngineName("orders"))
        try await LiveServer.with(others: [orders]) { server in
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let page = try await connection.metrics()
                #expect(page.value("baton_listener_connected", ["engine": "default"]) == 0)
                #expect(page.value("baton_listener_connected", ["engine": "orders"]) == 0)
            }
        }
    }

    @Test func `is for those who may do everything, when the server asks who calls`() async throws {
        let callers = try Callers([
            Identity(userID: "anna"), Identity(userID: "worker", limits: .init(isWorker: true, topics: nil)),
            Identity(userID: "charger", limits: .init(isWorker: false, topics: ["charge"])),
        ])
        try await LiveServer.with(gates: [.default: callers.gate]) { server in
            for (field, status) in [
                ("", 401), (Callers.field("anna"), 200), (Callers.field("worker"), 403),
                (Callers.field("charger"), 403), (Callers.field("anna", password: "wrong"), 401),
            ] {
                try await server.connect { connection in
                    try await connection.send(Wire.get("/metrics", field))
                    #expect(try await connection.answer()?.status == status)
                }
            }
        }
    }

    @Test func `can be switched off`() async throws {
        var configuration = EngineAPI.Configuration()
        configuration.showsMetrics = false
        try await LiveServer.with(configuration: configuration) { server in
            try await server.connect { connection in
                try await connection.send(Wire.get("/metrics"))
                #expect(try await connection.answer()?.status == 404)
            }
        }
    }

    @Test(arguments: [("GET", "/metrics/x", 404), ("POST", "/metrics", 405)])
    func `is at one place, to be read`(method: String, path: String, status: Int) async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                #expect(try await connection.answer()?.status == status)
            }
        }
    }
}

extension RawConnection {
    /// The page, which must be as the format says.
    fileprivate mutating func metrics() async throws -> PrometheusPage {
        try await send(Wire.get("/metrics"))
        let answer = try #require(try await answer())
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusPage(answer.body)
    }
}
