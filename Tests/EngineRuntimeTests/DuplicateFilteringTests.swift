import EngineCore
import EngineRuntime
import EngineStore
import TestSupport
import Testing

@Suite(.database) struct `Duplicate filtering` {
    private let engine = Engine.ofTest

    @Test func `answers with the earlier deployment when no file differs`() async throws {
        let deployment = NewDeployment(
            "same",
            filtering: .all,
            files: ["a.bpmn": model("same-a"), "b.bpmn": model("same-b")]
        )

        let first = try await engine.deploy(deployment)
        let second = try await engine.deploy(deployment)

        #expect(first.isNew)
        #expect(!second.isNew)
        #expect(second.id == first.id)
        #expect(second.deployTime == first.deployTime)
        #expect(second.deployedDefinitions.isEmpty)
    }

    @Test func `deploys everything when one file differs`() async throws {
        let first = NewDeployment("one", filtering: .all, files: ["a.bpmn": model("one-a"), "b.bpmn": model("one-b")])
        let second = NewDeployment(
            "one",
            filtering: .all,
            files: ["a.bpmn": model("one-a"), "b.bpmn": model("one-b", topic: "other")]
        )

        _ = try await engine.deploy(first)
        let result = try await engine.deploy(second)

        #expect(result.deployedDefinitions.map(\.key).sorted() == ["one-a", "one-b"])
        #expect(result.deployedDefinitions.map(\.version) == [2, 2])
    }

    @Test func `leaves out what did not change, wherever it was deployed last`() async throws {
        let old = model("changing")
        let new = model("changing", topic: "other")
        let constant = model("constant")

        _ = try await engine.deploy(
            NewDeployment("part", filtering: .changedOnly, files: ["a.bpmn": constant, "b.bpmn": old])
        )
        let second = try await engine.deploy(
            NewDeployment("part", filtering: .changedOnly, files: ["a.bpmn": constant, "b.bpmn": new])
        )
        let third = try await engine.deploy(
            NewDeployment("part", filtering: .changedOnly, files: ["a.bpmn": constant, "b.bpmn": new])
        )
        let back = try await engine.deploy(
            NewDeployment("part", filtering: .changedOnly, files: ["a.bpmn": constant, "b.bpmn": old])
        )

        #expect(second.deployedDefinitions.map(\.id.rawValue.prefixes) == [["changing", "2"]])
        #expect(third.id == second.id)
        #expect(back.deployedDefinitions.map(\.id.rawValue.prefixes) == [["changing", "3"]])
    }

    @Test func `compares with deployments of the same name, tenant and source only`() async throws {
        let files: KeyValuePairs = ["a.bpmn": model("apart")]
        _ = try await engine.deploy(NewDeployment("apart", source: "ci", filtering: .all, files: files))

        #expect(try await engine.deploy(NewDeployment("other", filtering: .all, files: files)).isNew)
        #expect(try await engine.deploy(NewDeployment(nil, filtering: .all, files: files)).isNew)
        #expect(try await engine.deploy(NewDeployment("apart", tenantID: "t", filtering: .all, files: files)).isNew)
        #expect(try await engine.deploy(NewDeployment("apart", source: "hand", filtering: .all, files: files)).isNew)
        #expect(try await !engine.deploy(NewDeployment("apart", filtering: .all, files: files)).isNew)
        #expect(try await !engine.deploy(NewDeployment(nil, filtering: .all, files: files)).isNew)
    }

    @Test func `makes one deployment of many that come at the same moment`() async throws {
        let engine = engine
        let deployment = NewDeployment("rush", filtering: .all, files: ["a.bpmn": model("rush")])

        let results = try await withThrowingTaskGroup(of: DeploymentResult.self) { group in
            for _ in 0..<10 { group.addTask { try await engine.deploy(deployment) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(results.filter(\.isNew).count == 1)
        #expect(Set(results.map(\.id)).count == 1)
    }
}

extension String {
    /// Key and version of a definition's id.
    fileprivate var prefixes: [String] { split(separator: ":").prefix(2).map(String.init) }
}
