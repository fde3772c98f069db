import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing
import sql

@Suite struct `The name of an engine` {
    @Test(arguments: ["a", "orders", "Orders_2", "0-x", String(repeating: "n", count: 40)])
    func `can stand in a path and in a schema's name`(text: String) throws {
        let name = try #require(EngineName(text))
        #expect(name.schema?.name == "baton_\(text)")
    }

    @Test(arguments: ["", "-a", "_a", "a/b", "a b", "ä", "a.b", "a%", "a\"", String(repeating: "n", count: 41)])
    func `is nothing else`(text: String) {
        #expect(EngineName(text) == nil)
    }

    @Test func `gives the default engine the schema that the database chooses`() {
        #expect(EngineName("default") == .default)
        #expect(EngineName.default.schema == nil)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Engines of one node` {
    private static let names = ["default", "orders", "billing"].compactMap { EngineName($0) }

    private func engine(_ name: EngineName, _ change: (inout ConnectionSettings) -> Void = { _ in }) -> Engine {
        var settings = Database.current.settings
        settings.schema = name.schema
        change(&settings)
        var configuration = Engine.Configuration(database: settings, name: name)
        configuration.poolSize = 4
        return Engine(configuration: configuration, logger: TestServer.logger)
    }

    private func engines() throws -> Engines {
        let engines = Self.names.map { engine($0) }
        return try Engines(engines[0], and: Array(engines[1...]))
    }

    @Test(.database(.empty)) func `need names of their own`() {
        let error = #expect(throws: EnginesError.self) {
            try Engines(engine(.default), and: [engine(Self.names[1]), engine(Self.names[1])])
        }
        #expect(error?.description.contains("orders") == true)
    }

    @Test(.database(.empty)) func `need schemas of their own`() {
        let error = #expect(throws: EnginesError.self) {
            try Engines(engine(.default), and: [engine(Self.names[1]) { $0.schema = nil }])
        }
        #expect(error?.description.contains("default and orders would share one schema") == true)
    }

    @Test(.database(.empty)) func `are refused a schema that two ways lead to`() async throws {
        let engines = try Engines(engine(.default), and: [engine(Self.names[1]) { $0.schema = "public" }])
        let error = await #expect(throws: EnginesError.self) { try await engines.migrate() }
        #expect(error?.description.contains("default and orders would share one schema") == true)
    }

    @Test(.database(.empty)) func `migrate their schemas once each when several nodes start at the same moment`()
        async throws
    {
        let nodes = try (0..<3).map { _ in try engines() }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { try await node.migrate() } }
            try await group.waitForAll()
        }

        for engine in nodes[0].all {
            #expect(try await engine.pool.run(ReadMigrations()) == Migration.all.map(\.record))
        }
        #expect(Set(try await nodes[0].all.asyncMap { try await $0.place() }).count == 3)
    }

    @Test(.database(.empty)) func `say which one cannot start`() async throws {
        let engines = try Engines(
            engine(.default),
            and: [engine(Self.names[1]) { $0.conninfo = "host=127.0.0.1 port=1 connect_timeout=1" }]
        )
        let error = await #expect(throws: EnginesError.self) { try await engines.run() }
        #expect(error?.description.hasPrefix("Engine orders: ") == true)
    }

    @Test(.database(.empty), arguments: [true, false])
    func `keep their work apart, also where nothing lasts longer than a transaction`(isPrepared: Bool) async throws {
        let engines = try Engines(
            engine(.default) { $0.preparedStatements = isPrepared },
            and: [engine(Self.names[1]) { $0.preparedStatements = isPrepared }]
        )
        try await engines.whileRunning {
            for engine in engines.all {
                let definition = try await engine.deploy("one", oneTask("work"))
                _ = try await engine.start(definition)
            }
            let orders = try #require(engines["orders"])
            #expect(try await orders.fetch("work", limit: 5).count == 1)
            #expect(try await engines.default.fetch("work", limit: 5).count == 1)
            #expect(try await orders.count("external_task") == 1)
        }
    }

    @Test(.database(.empty)) func `do not hear each other's announcements`() async throws {
        let engines = try Engines(engine(.default), and: [engine(Self.names[1])])
        let listeners = engines.all.map {
            Listener($0.configuration.database, channel: $0.configuration.channel, logger: TestServer.logger)
        }
        try await engines.whileRunning {
            for engine in engines.all { try await engine.deploy(engine.name.text, oneTask(engine.name.text)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for listener in listeners { group.addTask { await listener.run() } }
                var events = listeners.map { $0.events.makeAsyncIterator() }
                for index in events.indices { while await events[index].next() != .listening {} }

                // The default engine's work is announced first, and heard there.
                for (index, engine) in engines.all.enumerated() {
                    _ = try await engine.start(.key(engine.name.text, tenantID: nil))
                    let event = await events[index].next()
                    guard case .notification(let payload) = event else {
                        Issue.record("\(String(describing: event))")
                        continue
                    }
                    // What the other one hears first is its own.
                    #expect(payload.hasSuffix(" \(engine.name)"))
                }
                group.cancelAll()
            }
        }
    }
}

extension Engines {
    /// Runs the engines for as long as `body` needs them.
    fileprivate func whileRunning(_ body: @Sendable @escaping () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await self.run()
                return false
            }
            group.addTask {
                while !Task.isCancelled, await !self.areReady() { await Task.yield() }
                try await body()
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                for engine in self.all { engine.drain() }
                group.cancelAll()
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
