import EngineAPI
import EngineRuntime
import Foundation
import Hummingbird
import Logging
import NIOCore
import Postgres
import Processes
import ServiceLifecycle
import UnixSignals

/// One node: an engine and its HTTP server, from the start to the last answered request.
struct Node {
    /// How long a node takes at most to end after it was asked to: for requests that are under way.
    static let shutdownPatience = Duration.seconds(15)

    var settings: NodeSettings
    var databaseURL: String
    var logger: Logger

    /// Runs until a signal comes or, when `endingWithParent`, until the parent process is gone.
    ///
    /// - Throws: ``CommandFailure`` when the database or the port cannot be used.
    func run(endingWithParent: Bool) async throws {
        let engine = Engine(configuration: engineConfiguration, logger: logger)
        let listening = Announcement<Int>()
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .endingTogether(engine),
            .endingTogether(server(for: engine) { listening.announce($0) }),
            // At shutdown the last one is told first: parked polls are answered before the server waits for them.
            .endingTogether(PollDrain(engine: engine)),
            .endingTogether(ready(engine, listening, tellingParent: endingWithParent)),
        ]
        if endingWithParent {
            services.append(.endingTogether(ParentWatch()))
        }
        let group = ServiceGroup(configuration: configuration(services: services))
        try await explained(address: HTTPAddress(host: settings.host, port: settings.port)) {
            // The engine would do it, too, but nobody should be able to connect before the database can be used.
            try await engine.migrate()
            try await group.run()
        }
        logger.info("Node has ended")
    }

    private var engineConfiguration: Engine.Configuration {
        var database = ConnectionSettings(
            databaseURL,
            applicationName: "baton",
            preparedStatements: settings.preparedStatements
        )
        let timeout = Duration.milliseconds(settings.statementTimeoutMilliseconds)
        database.statementTimeout = timeout
        if timeout > .zero { database.operationTimeout = timeout + .seconds(5) }
        var configuration = Engine.Configuration(database: database)
        configuration.poolSize = settings.poolSize
        configuration.lanes = settings.lanes
        configuration.historyLevel = settings.historyLevel
        configuration.runsJobs = settings.jobs
        configuration.longPoll.onePerWorker = settings.uniqueWorkerRequests
        return configuration
    }

    private func server(
        for engine: Engine,
        whenListening: @escaping @Sendable (Int) -> Void
    ) -> Application<EngineResponder> {
        var configuration = EngineAPI.Configuration()
        configuration.maximumBodySize = settings.maxBodyBytes
        configuration.maximumUploadSize = settings.maxUploadBytes
        let api = EngineAPI(engine: engine, configuration: configuration, logger: logger) { await engine.isReady() }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return Application(
            responder: api.responder,
            server: api.server,
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in whenListening(channel.localAddress?.port ?? settings.port) },
            logger: quiet
        )
    }

    private func ready(_ engine: Engine, _ listening: Announcement<Int>, tellingParent: Bool) -> ReadyMessage {
        ReadyMessage(logger: logger, tellsParent: tellingParent) {
            guard let port = await listening.value() else { return nil }
            while await !engine.isReady() {
                try await Task.sleep(for: .milliseconds(10))
            }
            return HTTPAddress(host: settings.host, port: port).description + "/engine-rest"
        }
    }

    private func configuration(
        services: [ServiceGroupConfiguration.ServiceConfiguration]
    ) -> ServiceGroupConfiguration {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        configuration.maximumGracefulShutdownDuration = Self.shutdownPatience
        return configuration
    }
}

extension ServiceGroupConfiguration.ServiceConfiguration {
    /// A service after whose end, in whatever way, the others finish what they are doing and end, too.
    fileprivate static func endingTogether(_ service: any Service) -> Self {
        .init(
            service: service,
            successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup
        )
    }
}

/// Answers parked polls as soon as shutdown begins, so that their workers go to another node at once.
private struct PollDrain: Service {
    let engine: Engine

    func run() async throws {
        try? await gracefulShutdown()
        engine.drainPolls()
    }
}

/// Says once that the node can be used.
private struct ReadyMessage: Service {
    let logger: Logger
    /// Whether a parent process reads our standard output.
    let tellsParent: Bool
    /// Waits until the node is ready; the URL of its API, or nil when it never will be.
    let becomeReady: @Sendable () async throws -> String?

    func run() async throws {
        let url = try? await cancelWhenGracefulShutdown { try await becomeReady() }
        guard let url = url ?? nil else { return }
        logger.info("Node is ready", metadata: ["url": "\(url)"])
        if tellsParent {
            LogOutput(fileDescriptor: STDOUT_FILENO).write(NodeProcess.readyLine)
        }
        try? await gracefulShutdown()
    }
}
