import EngineCore
import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Resolving definitions` {
    private let engine = Engine.ofTest

    @Test func `finds ids and the latest versions of keys, each in its place`() async throws {
        let first = try await deploy("shop")
        let second = try await deploy("shop")
        let ofTenant = try await deploy("shop", tenantID: "t")

        let rows = try await resolve([
            .key("shop", tenantID: nil), .id(first.id), .key("unknown", tenantID: nil), .key("shop", tenantID: "t"),
            .id(DefinitionID("unknown:1:x")), .id(ofTenant.id), .key("shop", tenantID: "u"),
            .key("shop", tenantID: nil),
        ])

        #expect(rows.map(\.ordinal) == [0, 1, 3, 5, 7])
        #expect(rows.map(\.id) == [second.id, first.id, ofTenant.id, ofTenant.id, second.id])
        #expect(rows.map(\.version) == [2, 1, 1, 1, 2])
        #expect(rows.map(\.tenantID) == [nil, nil, "t", "t", nil])
        #expect(rows.allSatisfy { $0.key == "shop" && !$0.isSuspended })
    }

    @Test func `sees at once that a definition was suspended`() async throws {
        let definition = try await deploy("paused")
        var query = DynamicQuery("Suspend", "update process_definition set suspended = true where id = ")
        query.append("", definition.id.rawValue)
        try await Database.current.pool.run(query)

        #expect(try await resolve([.key("paused", tenantID: nil)]).map(\.isSuspended) == [true])
    }

    @Test func `makes a deletion wait for the start that it is part of`() async throws {
        let definition = try await deploy("contested")
        let engine = engine
        let start = try await Database.current.connect()
        var pipeline = Pipeline()
        pipeline.begin()
        pipeline.add(ResolveDefinitions([.id(definition.id)]))
        try await start.execute(pipeline)

        let deletion = Task {
            try await engine.deleteDeployment(definition.deploymentID.description, cascade: false)
        }
        try await start.run(StartOfTest(definition: definition))
        var commit = Pipeline()
        commit.commit()
        try await start.execute(commit)

        let rejection = await #expect(throws: Rejection.self) { try await deletion.value }
        #expect(rejection?.description.contains("contested") == true)
        await start.close()
    }

    private func deploy(_ key: String, tenantID: String? = nil) async throws -> DefinitionRecord {
        let result = try await engine.deploy(
            NewDeployment(tenantID: tenantID, files: ["\(key).bpmn": model(key)])
        )
        return try #require(result.deployedDefinitions.first)
    }

    private func resolve(_ references: [ResolveDefinitions.Reference]) async throws -> [ResolveDefinitions.Row] {
        try await Database.current.pool.run(ResolveDefinitions(references)).sorted { $0.ordinal < $1.ordinal }
    }
}
