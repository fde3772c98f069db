import BPMN
import EngineCore
import EngineStore
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import EngineRuntime

@Suite struct `The definition cache` {
    private let loads = LoadCount()
    private let a = DefinitionID("a:1:x")
    private let b = DefinitionID("b:1:x")
    private let c = DefinitionID("c:1:x")

    @Test func `loads a definition once and keeps it`() async throws {
        let cache = DefinitionCache { id in try loads.count(DeployedDefinition(id)) }

        #expect(cache.cached(a) == nil)
        let first = try await cache.definition(a)
        let second = try await cache.definition(a)

        #expect(first.id == a)
        #expect(second.id == a)
        #expect(cache.cached(a)?.id == a)
        #expect(loads.total == 1)
    }

    @Test func `shares one load among all who ask meanwhile`() async throws {
        let gate = Gate()
        let cache = DefinitionCache { id in
            await gate.wait()
            return try loads.count(DeployedDefinition(id))
        }

        try await withThrowingTaskGroup(of: DefinitionID.self) { group in
            for _ in 0..<50 { group.addTask { try await cache.definition(a).id } }
            await gate.open()
            for try await id in group { #expect(id == a) }
        }

        #expect(loads.total == 1)
    }

    @Test func `asks again after a load that failed`() async throws {
        let cache = DefinitionCache { id in
            let definition = try loads.count(DeployedDefinition(id))
            return loads.total == 1 ? nil : definition
        }

        await #expect(throws: Rejection.definitionNotFound(id: "a:1:x")) { try await cache.definition(a) }
        #expect(try await cache.definition(a).id == a)
    }

    @Test(arguments: ["nul\0", String(repeating: "x", count: 65)])
    func `does not ask for what cannot be an id`(text: String) async {
        let cache = DefinitionCache { id in try loads.count(DeployedDefinition(id)) }

        await #expect(throws: Rejection.definitionNotFound(id: text)) {
            try await cache.definition(DefinitionID(text))
        }
        #expect(loads.total == 0)
    }

    @Test func `forgets what was used least recently when it is full`() async throws {
        let cache = DefinitionCache(limit: 2) { id in try loads.count(DeployedDefinition(id)) }

        for id in [a, b, a, c] { _ = try await cache.definition(id) }

        #expect(cache.cached(a) != nil)
        #expect(cache.cached(b) == nil)
        #expect(cache.cached(c) != nil)
        #expect(loads.total == 3)
    }
}

@Suite(.database) struct `A definition in the database` {
    @Test func `is read by a node that did not deploy it`() async throws {
        let deployer = Engine.ofTest
        let other = Engine.ofTest
        let result = try await deployer.deploy(NewDeployment(tenantID: "t", files: ["far.bpmn": model("far")]))
        let record = try #require(result.deployedDefinitions.first)

        let definition = try await other.definitions.definition(record.id)

        #expect(definition.record == record)
        #expect(definition.definition.key == "far")
        #expect(definition.definition.node(id: "task") != nil)
        #expect(deployer.definitions.cached(record.id)?.record == record)
    }

    @Test func `is not found by an id that nobody made`() async {
        await #expect(throws: Rejection.definitionNotFound(id: "x:1:y")) {
            try await Engine.ofTest.definitions.definition(DefinitionID("x:1:y"))
        }
    }

    @Test func `says so when this version cannot read its model`() async throws {
        let engine = Engine.ofTest
        let result = try await engine.deploy(NewDeployment(files: ["odd.bpmn": model("odd")]))
        let record = try #require(result.deployedDefinitions.first)
        var query = DynamicQuery("Spoil", "update resource set content = '<odd/>' where deployment_id = ")
        query.append("", result.id.rawValue)
        try await Database.current.pool.run(query)

        await #expect(throws: DefinitionUnreadable.self) {
            try await Engine.ofTest.definitions.definition(record.id)
        }
    }
}

extension DeployedDefinition {
    fileprivate init(_ id: DefinitionID) throws {
        let record = DefinitionRecord(
            id: id,
            key: "process",
            version: 1,
            versionTag: nil,
            name: nil,
            category: nil,
            description: nil,
            deploymentID: DeploymentID(UUID()),
            resourceName: "process.bpmn",
            tenantID: nil,
            isSuspended: false,
            historyTimeToLiveDays: nil,
            isStartableInTasklist: true
        )
        try self.init(record, model: model("process"))
    }
}

/// Counts what a cache loads.
private final class LoadCount: Sendable {
    private let loads = Mutex(0)
    var total: Int { loads.withLock { $0 } }

    func count(_ definition: DeployedDefinition) -> DeployedDefinition {
        loads.withLock { $0 += 1 }
        return definition
    }
}

/// Holds tasks up until it is opened.
private actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
