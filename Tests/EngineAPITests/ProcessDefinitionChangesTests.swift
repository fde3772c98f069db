import EngineRuntime
import JSON
import TestSupport
import Testing

@testable import EngineAPI

@Suite(.database, .timeLimit(.minutes(1))) struct `A process definition` {
    private func withServer(
        _ body: @escaping @Sendable (inout RawConnection) async throws -> Void
    ) async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            await server.untilReady()
            try await server.connect(body)
        }
    }

    // MARK: Deleting

    @Test func `is deleted by its id, and the version before is the latest again`() async throws {
        try await withServer { connection in
            let first = try await connection.deployed("delete")
            let second = try await connection.deployed("delete")
            let deployment = try await connection.get("/process-definition/\(second)").json["deploymentId"]?.stringValue

            #expect(try await connection.delete("/process-definition/\(second)").status == 204)

            #expect(try await connection.get("/process-definition/\(second)").status == 404)
            #expect(try await connection.get("/process-definition/key/delete").json["id"]?.stringValue == first)
            let start = try await connection.post("/process-definition/key/delete/start", "{}").json
            #expect(start["definitionId"]?.stringValue == first)
            let byID = try await connection.post("/process-definition/\(second)/start", "{}")
            #expect(byID.status == 500)
            #expect(try await connection.get("/deployment/\(deployment ?? "")/resources").json.elements.count == 1)
        }
    }

    @Test func `leaves its message to the version before when it is deleted`() async throws {
        let model = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">
              <message id="m" name="ordered"/>
              <process id="message" isExecutable="true">
                <startEvent id="start"><messageEventDefinition messageRef="m"/></startEvent>
                <sequenceFlow id="a" sourceRef="start" targetRef="ask"/><userTask id="ask"/>
              </process>
            </definitions>
            """
        try await withServer { connection in
            for _ in 0..<2 { try await connection.deploy(model, tenant: "acme") }
            let key = "/process-definition/key/message/tenant-id/acme"
            let latest = try await connection.get(key).json["id"]?.stringValue ?? ""
            #expect(try await connection.delete("/process-definition/\(latest)").status == 204)

            let message = #"{"messageName":"ordered","tenantId":"acme"}"#
            #expect(try await connection.post("/message", message).status == 204)
            let first = try await connection.get(key).json["id"]?.stringValue ?? ""
            let started = try await connection.get("/process-instance/count?processDefinitionId=\(first)").json
            #expect(started["count"]?.int64Value == 1)

            #expect(try await connection.delete("\(key)?cascade=true").status == 204)
            #expect(try await connection.post("/message", message).status == 400)
        }
    }

    @Test func `is kept while instances run, unless the deletion cascades`() async throws {
        try await withServer { connection in
            let id = try await connection.deployed("running")
            let instance = try await connection.started("running")

            let refused = try await connection.delete("/process-definition/\(id)")
            #expect(refused.status == 400)
            #expect(refused.message == "Process definition with id '\(id)' cannot be deleted: instances of it run")
            #expect(try await connection.get("/process-instance/\(instance)").status == 200)

            let options = "cascade=true&skipCustomListeners=true&skipIoMappings=true"
            #expect(try await connection.delete("/process-definition/\(id)?\(options)").status == 204)
            #expect(try await connection.get("/process-instance/\(instance)").status == 404)
            #expect(try await connection.get("/history/process-instance/\(instance)").status == 404)
        }
    }

    @Test(arguments: ["definition", "deployment"])
    func `keeps the history of its instances without cascade, and their tenant`(
        deleted: String
    ) async throws {
        try await withServer { connection in
            let key = "past-\(deleted)"
            let deployment = try await connection.deploy(workModel(key), tenant: deleted)
            let path = "/process-definition/key/\(key)/tenant-id/\(deleted)"
            let started = try await connection.post(path + "/start", #"{"variables":{"a":{"value":1}}}"#).json
            let instance = try #require(started["id"]?.stringValue)
            #expect(try await connection.delete("/process-instance/\(instance)").status == 204)

            let gone = deleted == "definition" ? path : "/deployment/\(deployment["id"]?.stringValue ?? "")"
            #expect(try await connection.delete(gone).status == 204)
            #expect(try await connection.get(path).status == 404)
            let past = try await connection.get("/history/process-instance/\(instance)").json
            #expect(past["tenantId"]?.stringValue == deleted)
            for list in ["process-instance", "activity-instance", "variable-instance", "external-task-log"] {
                let rows = try await connection.get("/history/\(list)?tenantIdIn=\(deleted)").json
                #expect(!rows.elements.isEmpty, "\(list)")
                #expect(Set(rows.texts("tenantId")) == [deleted], "\(list)")
            }
        }
    }

    @Test func `is deleted with all versions of its key and tenant`() async throws {
        try await withServer { connection in
            for tenant in ["acme", "acme", "initech", nil, nil] {
                try await connection.deploy(workModel("versions"), tenant: tenant)
            }
            let key = "/process-definition/key/versions"
            #expect(try await connection.delete(key).status == 204)
            #expect(try await connection.delete(key + "/tenant-id/acme").status == 204)
            let left = try await connection.get("/process-definition?key=versions").json
            #expect(left.texts("tenantId") == ["initech"])

            for (path, tenant) in [("", "no tenant-id"), ("/tenant-id/acme", "tenant-id: acme")] {
                let missing = try await connection.delete(key + path)
                #expect(missing.status == 404)
                #expect(missing.message == "No matching process definition with key: versions and \(tenant)")
            }
        }
    }

    @Test(arguments: ["nope", "a%00b", String(repeating: "x", count: 100)])
    func `that is not there cannot be deleted or suspended`(id: String) async throws {
        try await withServer { connection in
            let deletion = try await connection.delete("/process-definition/\(id)")
            #expect(deletion.status == 404)
            let suspension = try await connection.put("/process-definition/\(id)/suspended", #"{"suspended":true}"#)
            #expect(suspension.status == 404)
            if !id.contains("%") {
                let message = "No process definition found with id '\(id)': processDefinition is null"
                #expect(deletion.message == message)
                #expect(suspension.message == message)
            }
        }
    }

    // MARK: Suspending

    @Test func `that is suspended starts nothing, until it is activated`() async throws {
        try await withServer { connection in
            let id = try await connection.deployed("suspended")
            let path = "/process-definition/\(id)/suspended"
            #expect(try await connection.put(path, #"{"suspended":true}"#).status == 204)
            #expect(try await connection.put(path, #"{"suspended":true}"#).status == 204)

            #expect(try await connection.get("/process-definition/\(id)").json["suspended"] == .boolean(true))
            let lists = "/process-definition/count?key=suspended"
            #expect(try await connection.get("\(lists)&suspended=true").json["count"]?.int64Value == 1)
            #expect(try await connection.get("\(lists)&active=true").json["count"]?.int64Value == 0)
            for path in ["/process-definition/\(id)/start", "/process-definition/key/suspended/start"] {
                let refused = try await connection.post(path, "{}")
                #expect(refused.status == 500)
                #expect(refused.message?.contains("'\(id)' is suspended") == true)
            }

            #expect(try await connection.put(path, #"{"suspended":false}"#).status == 204)
            #expect(try await connection.post("/process-definition/\(id)/start", "{}").status == 200)
        }
    }

    @Test func `takes its instances with it only when asked to`() async throws {
        try await withServer { connection in
            let id = try await connection.deployed("instances")
            for _ in 0..<3 { _ = try await connection.started("instances") }
            let path = "/process-definition/\(id)/suspended"
            let suspended = "/process-instance/count?processDefinitionKey=instances&suspended=true"

            #expect(try await connection.put(path, #"{"suspended":true}"#).status == 204)
            #expect(try await connection.get(suspended).json["count"]?.int64Value == 0)

            let all = #"{"suspended":true,"includeProcessInstances":true}"#
            #expect(try await connection.put(path, all).status == 204)
            #expect(try await connection.get(suspended).json["count"]?.int64Value == 3)
            #expect(try await connection.fetched("instances") == 0)

            let activate = #"{"suspended":false,"includeProcessInstances":true}"#
            #expect(try await connection.put(path, activate).status == 204)
            #expect(try await connection.get(suspended).json["count"]?.int64Value == 0)
            #expect(try await connection.fetched("instances") == 3)
        }
    }

    @Test func `wakes polls when its instances are activated`() async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            await server.untilReady()
            try await server.connect { (connection: inout RawConnection) async throws -> Void in
                let id = try await connection.deployed("waking")
                let instance = try await connection.started("waking")
                let body = #""includeProcessInstances":true}"#
                let path = "/process-definition/\(id)/suspended"
                #expect(try await connection.put(path, #"{"suspended":true,"# + body).status == 204)
                try await server.connect { (waiting: inout RawConnection) async throws -> Void in
                    try await waiting.send(
                        "POST",
                        "/external-task/fetchAndLock",
                        RawConnection.fetch("waking", wait: 60_000)
                    )
                    await server.polls(wait: 1)
                    #expect(try await connection.put(path, #"{"suspended":false,"# + body).status == 204)
                    let tasks = try #require(try await waiting.answer()).json
                    #expect(tasks.texts("processInstanceId") == [instance])
                }
            }
        }
    }

    @Test func `is suspended as the latest of its key and tenant, or with all versions of its key`() async throws {
        try await withServer { connection in
            for tenant in ["acme", "acme", nil, nil] {
                try await connection.deploy(workModel("key"), tenant: tenant)
            }
            let key = "/process-definition/key/key"
            let suspend = #"{"suspended":true}"#
            let suspended = "/process-definition?key=key&suspended=true"
            #expect(try await connection.put(key + "/suspended", suspend).status == 204)
            #expect(try await connection.put(key + "/tenant-id/acme/suspended", suspend).status == 204)
            let latest = try await connection.get(suspended).json
            #expect(latest.elements.map { $0["version"]?.int64Value } == [2, 2])
            #expect(latest.texts("tenantId") == ["-", "acme"])

            let all = "/process-definition/suspended"
            #expect(try await connection.put(all, #"{"suspended":true,"processDefinitionKey":"key"}"#).status == 204)
            #expect(try await connection.get(suspended).json.elements.count == 4)
            #expect(try await connection.put(all, #"{"suspended":false,"processDefinitionKey":"key"}"#).status == 204)
            #expect(try await connection.get(suspended).json.elements.isEmpty)

            for path in ["/process-definition/key/no/suspended", key + "/tenant-id/no/suspended"] {
                #expect(try await connection.put(path, suspend).status == 404)
            }
            let unknown = try await connection.put(all, #"{"suspended":true,"processDefinitionKey":"no"}"#)
            #expect(unknown.status == 404)
            #expect(unknown.message == "No matching process definition with key: no")
        }
    }

    @Test(arguments: [
        ("/suspended", #"{"suspended":true}"#, "processDefinitionKey must be set"),
        ("/suspended", #"{"suspended":true,"processDefinitionId":"x"}"#, "Only processDefinitionKey may be set"),
        ("/x/suspended", #"{"suspended":true,"processDefinitionKey":"x"}"#, "processDefinitionKey must not be set"),
        ("/x/suspended", #"{"executionDate":"2040-01-01T00:00:00.000+0000"}"#, "executionDate is not supported yet"),
        ("/x/suspended", #"{"executionDate":"tomorrow"}"#, ""), ("/x/suspended", "[]", ""),
        ("/x/suspended", #"{"suspended":"maybe"}"#, ""),
    ])
    func `is not suspended by a body that cannot be`(path: String, body: String, message: String) async throws {
        try await withServer { connection in
            let answer = try await connection.put("/process-definition\(path)", body)
            #expect(answer.status == 400)
            #expect(answer.message?.hasPrefix(message) == true, "\(answer.body)")
        }
    }
}

extension RawConnection {
    /// Deploys a model of one task; its definition's id.
    fileprivate mutating func deployed(_ key: String) async throws -> String {
        let deployment = try await deploy(workModel(key))
        guard case .object(let definitions)? = deployment["deployedProcessDefinitions"] else { return "" }
        return try #require(definitions.keys.first)
    }

    fileprivate mutating func started(_ key: String) async throws -> String {
        let started = try await post("/process-definition/key/\(key)/start", "{}").json
        return try #require(started["id"]?.stringValue)
    }

    fileprivate mutating func fetched(_ key: String) async throws -> Int {
        try await post("/external-task/fetchAndLock", Self.fetch(key)).json.elements.count
    }

    fileprivate static func fetch(_ key: String, wait: Int = 0) -> String {
        """
        {"workerId":"w","maxTasks":9,"asyncResponseTimeout":\(wait),
         "topics":[{"topicName":"work","lockDuration":60000,"processDefinitionKey":"\(key)"}]}
        """
    }
}
