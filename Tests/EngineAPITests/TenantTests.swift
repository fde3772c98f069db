import EngineRuntime
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// One model, deployed for two tenants and for none, over real sockets.
@Suite(.database, .serialized, .timeLimit(.minutes(1))) struct `Definitions of several tenants` {
    private func withServer(
        _ body: @escaping @Sendable (inout RawConnection) async throws -> Void
    ) async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            await server.untilReady()
            try await server.connect(body)
        }
    }

    @Test func `have versions of their own`() async throws {
        try await withServer { connection in
            let model = workModel("versions")
            for tenant in ["acme", nil, "acme", "initech", nil, "acme"] {
                let deployment = try await connection.deploy(model, tenant: tenant)
                #expect(deployment["tenantId"]?.stringValue == tenant)
            }
            let list = "/process-definition?key=versions&latestVersion=true"
            let latest = try await connection.get(list).json.elements.map {
                "\($0["tenantId"]?.stringValue ?? "-") \($0["version"]?.int64Value ?? 0)"
            }
            #expect(latest.sorted() == ["- 2", "acme 3", "initech 1"])

            let key = "/process-definition/key/versions"
            #expect(try await connection.get(key).json["version"]?.int64Value == 2)
            #expect(try await connection.get(key + "/tenant-id/acme").json["version"]?.int64Value == 3)
            let xml = try await connection.get(key + "/tenant-id/initech/xml").json
            #expect(xml["bpmn20Xml"]?.stringValue == model)
            for path in ["/tenant-id/nobody", "/tenant-id/nobody/xml"] {
                let missing = try await connection.get(key + path)
                #expect(missing.status == 404)
                #expect(missing.message == "No matching process definition with key: versions and tenant-id: nobody")
            }
        }
    }

    @Test func `are started by key and tenant`() async throws {
        try await withServer { connection in
            for tenant in ["acme", "initech"] { try await connection.deploy(workModel("started"), tenant: tenant) }
            let key = "/process-definition/key/started"

            let nobody = try await connection.post(key + "/start", "{}")
            #expect(nobody.status == 404)
            #expect(nobody.message == "No matching process definition with key: started and no tenant-id")
            let unknown = try await connection.post(key + "/tenant-id/nobody/start", "{}")
            #expect(unknown.status == 404)
            #expect(unknown.message == "No matching process definition with key: started and tenant-id: nobody")

            let started = try await connection.post(key + "/tenant-id/acme/start", "{}").json
            #expect(started["tenantId"]?.stringValue == "acme")
            let definition = try await connection.get(key + "/tenant-id/acme").json
            #expect(started["definitionId"] == definition["id"])
            let byID = try await connection.post(
                "/process-definition/\(definition["id"]?.stringValue ?? "")/start",
                "{}"
            )
            #expect(byID.json["tenantId"]?.stringValue == "acme")
        }
    }

    @Test func `show their tenant in expressions`() async throws {
        let model = workModel(
            "expression",
            """
            <startEvent id="start"/><sequenceFlow id="a" sourceRef="start" targetRef="work"/>
            <serviceTask id="work" camunda:type="external" camunda:topic="of-${execution.tenantId}"/>
            """
        )
        try await withServer { connection in
            try await connection.deploy(model, tenant: "acme")
            try await connection.deploy(model)
            let key = "/process-definition/key/expression"
            for path in ["/start", "/tenant-id/acme/start"] {
                #expect(try await connection.post(key + path, "{}").status == 200)
            }
            let tasks = try await connection.get("/external-task?processDefinitionKey=expression").json
            #expect(tasks.texts("topicName") == ["of-", "of-acme"])
        }
    }

    /// What a tenant's rows are found by, running and ended.
    private static let lists = [
        "/deployment", "/process-definition", "/process-instance", "/execution", "/external-task", "/task", "/incident",
        "/variable-instance", "/history/process-instance", "/history/activity-instance", "/history/task",
        "/history/variable-instance", "/history/incident", "/history/external-task-log",
    ]

    @Test func `are told apart in every list`() async throws {
        // Two branches: a user task, and an external task that fails for good.
        let model = workModel(
            "lists",
            """
            <startEvent id="start"/><sequenceFlow id="a" sourceRef="start" targetRef="fork"/>
            <parallelGateway id="fork"/>
            <sequenceFlow id="b" sourceRef="fork" targetRef="work"/><sequenceFlow id="c" sourceRef="fork" targetRef="ask"/>
            <serviceTask id="work" camunda:type="external" camunda:topic="lists"/><userTask id="ask"/>
            """
        )
        try await withServer { connection in
            for tenant in ["acme", "initech", nil] {
                try await connection.deploy(model, tenant: tenant)
                let path = tenant.map { "/tenant-id/\($0)" } ?? ""
                let variables = #"{"variables":{"amount":{"value":1}}}"#
                #expect(
                    try await connection.post("/process-definition/key/lists\(path)/start", variables).status == 200
                )
            }
            let fetch = """
                {"workerId":"w","maxTasks":9,"topics":[{"topicName":"lists","lockDuration":60000}]}
                """
            let tasks = try await connection.post("/external-task/fetchAndLock", fetch).json
            #expect(tasks.texts("tenantId") == ["-", "acme", "initech"])
            for task in tasks.elements {
                let path = "/external-task/\(task["id"]?.stringValue ?? "")/failure"
                #expect(try await connection.post(path, #"{"workerId":"w","retries":0}"#).status == 204)
            }
            for list in Self.lists {
                try await Self.check(list, over: &connection)
            }
            let including = "tenantIdIn=acme&includeProcessDefinitionsWithoutTenantId=true"
            let both = try await connection.get("/process-definition?\(including)").json
            #expect(Set(both.texts("tenantId")) == ["-", "acme"])
            let deployments = try await connection.get(
                "/deployment?tenantIdIn=initech&includeDeploymentsWithoutTenantId=true"
            ).json
            #expect(Set(deployments.texts("tenantId")) == ["-", "initech"])
            #expect(try await connection.get("/job?tenantIdIn=acme").body == "[]")
        }
    }

    private static func check(_ list: String, over connection: inout RawConnection) async throws {
        let all = try await connection.get(list).json.texts("tenantId")
        #expect(Set(all) == ["-", "acme", "initech"], "\(list)")
        let one = try await connection.get("\(list)?tenantIdIn=acme").json.texts("tenantId")
        #expect(Set(one) == ["acme"], "\(list)")
        #expect(one.count == all.count { $0 == "acme" }, "\(list)")
        let two = try await connection.get("\(list)?tenantIdIn=acme,initech").json.texts("tenantId")
        #expect(two.count == all.count { $0 != "-" }, "\(list)")
        let without = try await connection.get("\(list)?withoutTenantId=true").json.texts("tenantId")
        #expect(Set(without) == ["-"], "\(list)")
        let count = try await connection.get("\(list)/count?tenantIdIn=acme").json["count"]?.int64Value
        #expect(count == Int64(one.count), "\(list)")
        #expect(try await connection.get("\(list)?tenantIdIn=nobody").body == "[]", "\(list)")
    }

    @Test func `are fetched by tenant`() async throws {
        try await withServer { connection in
            for tenant in ["acme", "initech", nil] {
                try await connection.deploy(workModel("fetch"), tenant: tenant)
                let path = tenant.map { "/tenant-id/\($0)" } ?? ""
                #expect(try await connection.post("/process-definition/key/fetch\(path)/start", "{}").status == 200)
            }
            for (filter, expected) in [
                (#""tenantIdIn":["acme"]"#, ["acme"]), (#""withoutTenantId":true"#, ["-"]),
                (#""tenantIdIn":["acme","initech"]"#, ["initech"]), (#""tenantIdIn":[]"#, []),
            ] {
                let fetch = """
                    {"workerId":"w","maxTasks":9,
                     "topics":[{"topicName":"work","lockDuration":60000,"processDefinitionKey":"fetch",\(filter)}]}
                    """
                let tasks = try await connection.post("/external-task/fetchAndLock", fetch).json
                #expect(tasks.texts("tenantId") == expected, "\(filter)")
            }
        }
    }
}
