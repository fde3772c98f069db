import EngineCore
import EngineStore
import Logging
import Postgres
import RandomProcesses
import TestSupport
import Testing

@testable import EngineRuntime

/// Random processes with a real database: see CONTRIBUTING.md for how to run more of them.
@Suite(.serialized) struct `A random process in the database` {
    private typealias Failure = RandomProcess.Failure

    @Test(.database) func `is stored as it is decided, and decided as if all of it were loaded`() async throws {
        let settings = RandomSettings(usualCount: 60, shards: 1)
        try await withEngine { engine, session in
            var results: [RandomCase.Statistics] = []
            for seed in settings.seeds(of: 0, where: { RandomCase(seed: $0).isEventful }) {
                try await check(seed) { random, name in
                    let definition = try await deploy(random, name, on: engine)
                    results.append(try await run(random, of: definition, engine, session))
                }
            }
            settings.report(results)
        }
    }

    @Test(.database) func `comes to the same end on two nodes whose sessions die`() async throws {
        let settings = RandomSettings(usualCount: 30, shards: 1)
        try await withEngine { engine, session in
            try await session.run(DeathTrap.script)
            try await CommandNode.run(2, on: Database.current.settings) { nodes in
                var results: [RandomCase.Statistics] = []
                for seed in settings.seeds(of: 0, where: { RandomCase(seed: $0).isEventful }) {
                    try await check(seed) { random, name in
                        let definition = try await deploy(random, name, on: engine)
                        var process = DisturbedProcess(random, of: definition, on: nodes, session: session)
                        try await process.run()
                        results.append(process.statistics)
                    }
                }
                settings.report(results)
                guard results.count >= 30 else { return }
                #expect(nodes.allSatisfy { $0.line.cutCount > 20 }, "lines break")
                #expect(nodes.allSatisfy { $0.line.lostConfirmations > 5 }, "commits are not heard of")
            }
        }
    }

    // MARK: Running

    private func withEngine(_ body: (Engine, Session) async throws -> Void) async throws {
        // Nothing of it runs but what is called here.
        let engine = Engine(
            configuration: Engine.Configuration(database: Database.current.settings),
            logger: TestServer.logger
        )
        let session = try await Session.connect(Database.current.settings.lookingUpByKey, logger: TestServer.logger)
        do {
            try await body(engine, session)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        await engine.pool.shutdown()
    }

    /// Runs a case; a failure is made smaller and told.
    private func check(_ seed: UInt64, _ run: (RandomCase, String) async throws -> Void) async throws {
        let random = RandomCase(seed: seed)
        var runs = 0
        func failure(of random: RandomCase) async -> Failure? {
            runs += 1
            do {
                try await run(random, "random-\(seed)-\(runs)")
                return nil
            } catch let failure as Failure {
                return failure
            } catch {
                return Failure("an error", "\(error)")
            }
        }
        guard let first = await failure(of: random) else { return }
        let (smallest, reason) = await random.shrunk(failing: first, attempts: 150) { await failure(of: $0) }
        Issue.record("\(reason)\n\(smallest)")
        throw reason
    }

    private func deploy(_ random: RandomCase, _ name: String, on engine: Engine) async throws -> DeployedDefinition {
        let resource = NewDeployment.Resource(name: "\(name).bpmn", content: Array(random.model.xml(key: name).utf8))
        let deployment = try await engine.deploy(NewDeployment(name: name, resources: [resource]))
        guard let id = deployment.deployedDefinitions.first?.id else {
            throw Failure("the model is invalid", "no process")
        }
        return try await engine.definitions.definition(id)
    }

    private func run(
        _ random: RandomCase,
        of definition: DeployedDefinition,
        _ engine: Engine,
        _ session: Session
    ) async throws -> RandomCase.Statistics {
        var process = StoredProcess(definition, seed: random.seed, definitions: engine.definitions, session: session)
        var numbers = SeededGenerator(seed: random.seed)
        try await process.run([.startInstance(random.startCommand(definition.id))])
        var left = random.steps[...]
        while let root = process.root, !process.tree.scopes.isEmpty, let step = left.popFirst() {
            var commands = step.commands(for: process.tree, root: root)
            while numbers.chance(25), let next = left.popFirst() {
                commands += next.commands(for: process.tree, root: root)
            }
            if !commands.isEmpty { try await process.run(commands) }
        }
        if let root = process.root, !process.tree.scopes.isEmpty {
            try await process.run([.deleteInstance(root, reason: nil, skipMappings: true)])
        }
        return process.statistics
    }
}
