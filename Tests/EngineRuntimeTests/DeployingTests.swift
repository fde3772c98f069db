import EngineCore
import EngineRuntime
import EngineStore
import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Deploying` {
    private let engine = Engine.ofTest

    @Test func `makes the first version of a process`() async throws {
        let result = try await engine.deploy(NewDeployment("shop", source: "ci", files: ["first.bpmn": model("first")]))

        let definition = try #require(result.deployedDefinitions.first)
        #expect(result.isNew)
        #expect(result.name == "shop")
        #expect(result.source == "ci")
        #expect(result.deployedDefinitions.count == 1)
        #expect(definition.id.rawValue.hasPrefix("first:1:"))
        #expect(definition.id.rawValue.utf8.count == "first:1:".utf8.count + 36)
        #expect(definition.version == 1)
        #expect(definition.versionTag == "v-1")
        #expect(definition.category == "test")
        #expect(definition.description == "About it")
        #expect(definition.historyTimeToLiveDays == 7)
        #expect(definition.deploymentID == result.id)
        #expect(definition.resourceName == "first.bpmn")
        #expect(!definition.isSuspended)
    }

    @Test func `counts versions per key and tenant`() async throws {
        let deployment = NewDeployment(files: ["counted.bpmn": model("counted")])
        let ofTenant = NewDeployment(tenantID: "t", files: ["counted.bpmn": model("counted")])
        let ofNoTenant = NewDeployment(tenantID: "", files: ["counted.bpmn": model("counted")])

        #expect(try await versions(deployment, ofTenant, deployment, ofTenant, ofNoTenant) == [1, 1, 2, 2, 3])
    }

    @Test func `counts every version once when many nodes deploy at the same moment`() async throws {
        let engine = engine
        let versions = try await withThrowingTaskGroup(of: [Int32].self) { group in
            for _ in 0..<12 {
                group.addTask {
                    let deployment = NewDeployment(files: ["a.bpmn": model("crowded-a"), "b.bpmn": model("crowded-b")])
                    return try await engine.deploy(deployment).deployedDefinitions.map(\.version)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }

        #expect(versions.sorted() == (1...12).flatMap { [$0, $0] })
    }

    @Test(arguments: [(17, false), (25, false), (26, true), (200, true)])
    func `names a definition by a UUID alone when its id would exceed 64 characters`(
        length: Int,
        isShort: Bool
    ) async throws {
        let key = String(repeating: "k", count: length)
        let result = try await engine.deploy(NewDeployment(files: ["long.bpmn": model(key)]))

        let id = try #require(result.deployedDefinitions.first?.id.rawValue)
        #expect((UUID(uuidString: id) != nil) == isShort)
        #expect(id.utf8.count <= 64)
    }

    @Test func `keeps files that are no models, and the later one of two with one name`() async throws {
        let result = try await engine.deploy(
            NewDeployment(files: ["notes.txt": [0, 255, 10], "form.html": [1], "notes.txt": [2]])
        )

        #expect(result.deployedDefinitions.isEmpty)
        let contents = try await contents(of: result.id)
        #expect(contents == ["form.html": [1], "notes.txt": [2]])
    }

    @Test func `refuses an invalid model with its problems, and writes nothing`() async throws {
        let invalid = String(decoding: model("invalid"), as: UTF8.self).replacing(#" camunda:topic="work""#, with: "")
        let deployment = NewDeployment("refused", files: ["good.bpmn": model("good"), "bad.bpmn": Array(invalid.utf8)])

        let rejection = await #expect(throws: Rejection.self) { try await engine.deploy(deployment) }

        guard case .modelInvalid(let resource, let errors, _) = rejection else {
            Issue.record("\(String(describing: rejection))")
            return
        }
        #expect(resource == "bad.bpmn")
        #expect(errors.first?.line ?? 0 > 0)
        #expect(try await deployments(named: "refused") == 0)
    }

    @Test func `refuses what is not XML`() async throws {
        let rejection = await #expect(throws: Rejection.self) {
            try await engine.deploy(NewDeployment(files: ["bad.bpmn20.xml": Array("<definitions".utf8)]))
        }
        guard case .modelUnreadable("bad.bpmn20.xml", _, isWellFormed: false) = rejection else {
            Issue.record("\(String(describing: rejection))")
            return
        }
    }

    @Test func `refuses a deployment without files`() async {
        await #expect(throws: Rejection.emptyDeployment) { try await engine.deploy(NewDeployment(files: [:])) }
    }

    @Test func `refuses a process key that stands in two files`() async {
        await #expect(throws: Rejection.duplicateProcessKey("twice")) {
            try await engine.deploy(NewDeployment(files: ["a.bpmn": model("twice"), "b.bpmn": model("twice")]))
        }
    }

    @Test(arguments: [
        NewDeployment(String(repeating: "n", count: 256), files: ["a.txt": [1]]),
        NewDeployment("nul\0", files: ["a.txt": [1]]),
        NewDeployment(files: ["nul\0.txt": [1]]),
        NewDeployment(tenantID: String(repeating: "t", count: 65), files: ["a.txt": [1]]),
        NewDeployment(files: ["a.bpmn": model(String(repeating: "k", count: 256))]),
    ])
    func `refuses names that cannot be kept`(deployment: NewDeployment) async {
        await #expect(throws: Rejection.self) { try await engine.deploy(deployment) }
    }

    private func versions(_ deployments: NewDeployment...) async throws -> [Int32] {
        var versions: [Int32] = []
        for deployment in deployments {
            versions += try await engine.deploy(deployment).deployedDefinitions.map(\.version)
        }
        return versions
    }

    private func contents(of deployment: DeploymentID) async throws -> [String: [UInt8]] {
        var query = DynamicQuery("Contents", "select name, content from resource where deployment_id = ")
        query.append("", deployment.rawValue)
        let rows = try await Database.current.pool.run(
            query,
            rows: RowDecoder { (name: String, content: [UInt8]) in (name, content) }
        )
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private func deployments(named name: String) async throws -> Int? {
        var query = DynamicQuery("Deployments", "select count(*) from deployment where name = ")
        query.append("", name)
        return try await Database.current.pool.run(query, rows: RowDecoder(Int.self)).first
    }
}
