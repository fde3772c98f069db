import Access
import EngineRuntime
import Hummingbird
import Logging
import Postgres
import ServiceLifecycle
import TestSupport

@testable import EngineAPI

/// A server on a port of its own, and its engines.
struct LiveServer: Sendable {
    let port: Int
    /// The default one.
    let engine: Engine
    let engines: Engines
    private let api: EngineAPI
    private let group: ServiceGroup

    /// Starts a server, calls `body`, and shuts the server down.
    ///
    /// Without a database the engines are not run, and nothing that needs them works.
    static func with(
        database: ConnectionSettings? = nil,
        others: [EngineName] = [],
        configuration: EngineAPI.Configuration = .init(),
        polls: WaiterList.Limits = .init(),
        gates: [EngineName: Gate]? = nil,
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let logger = TestServer.logger
        let nowhere = ConnectionSettings("host=127.0.0.1 port=1 connect_timeout=1")
        var engineConfiguration = Engine.Configuration(database: database ?? nowhere)
        engineConfiguration.longPoll = polls
        let engine = Engine(configuration: engineConfiguration, logger: logger)
        let others = others.map { name in
            var settings = database ?? nowhere
            settings.schema = name.schema
            return Engine(configuration: Engine.Configuration(database: settings, name: name), logger: logger)
        }
        let engines = try Engines(engine, and: others)
        let api = EngineAPI(engines: engines, configuration: configuration, gates: gates, logger: logger)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: api.responder,
            server: api.server,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let services: [any Service] = database == nil ? [application] : [engines, application]
        let group = ServiceGroup(configuration: .init(services: services, logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let found = await iterator.next() ?? 0
            do {
                try await body(LiveServer(port: found, engine: engine, engines: engines, api: api, group: group))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.next()
        }
    }

    /// Begins to drain, as a node does before it shuts down.
    func drain() {
        api.beginDraining()
        engines.drainPolls()
    }

    /// Begins to shut down, as a node does: parked polls are answered first.
    func shutDown() async {
        engines.drainPolls()
        await group.triggerGracefulShutdown()
    }

    /// Returns when all engines can serve requests.
    func untilReady() async {
        while await !engines.areReady() { await Task.yield() }
    }

    /// Returns when as many polls wait.
    func polls(wait count: Int) async {
        while engine.longPoll.parkedCount != count { await Task.yield() }
    }

    func connect<Result>(_ body: (inout RawConnection) async throws -> Result) async throws -> Result {
        try await RawConnection.with(port: port, body)
    }
}
