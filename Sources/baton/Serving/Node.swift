import Access
import EngineAPI
import CoreMetrics
import EngineRuntime
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import Measures
import NIOCore
import Postgres
import Processes
import ServiceLifecycle
import UnixSignals

/// One node: its engines and their HTTP server, from the start to the last answered request.
struct Node {
    /// How long a node takes at most to end once it listens no more: for requests that are under way.
    static let shutdownPatience = Duration.seconds(15)

    var settings: NodeSettings
    var databaseURL: String
    var logger: Logger
    /// How long a node that was told to end goes on serving, so that balancers learn of it before it stops listening.
    var drain = Duration.zero

    /// Runs until a signal comes or, when `endingWithParent`, until the parent process is gone.
    ///
    /// - Throws: ``CommandFailure`` when the database or the port cannot be used.
    func run(endingWithParent: Bool) async throws {
        let engines = try engines()
        let gates = try await gates(before: engines)
        if gates == nil, !address.isLoopback {
            logger.warning(
                "Whoever reaches this address may do everything",
                metadata: ["address": "\(address)", "authentication": "none"]
            )
        }
        let listening = Announcement<Int>()
        let api = api(for: engines, behind: gates)
        let server = try server(for: api) { listening.announce($0) }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .endingTogether(engines),
            .endingTogether(server),
            // At shutdown the last one is told first: nobody is to come any more while the server still listens.
            .endingTogether(
                Drain(duration: drain, logger: logger) {
                    api.beginDraining()
                    engines.drainPolls()
                }
            ),
            .endingTogether(ready(engines, listening, tellingParent: endingWithParent)),
        ]
        if endingWithParent {
            services.append(.endingTogether(ParentWatch()))
        }
        let group = ServiceGroup(configuration: configuration(services: services))
        try await explained(address: address) {
            // The engines would do it, too, but nobody should be able to connect before the databases can be used.
            try await databaseWait.whenThere { try await engines.migrate() }
            try await group.run()
        }
        logger.info("Node has ended")
    }

    private var address: HTTPAddress { HTTPAddress(host: settings.host, port: settings.port) }

    private var databaseWait: DatabaseWait {
        DatabaseWait(patience: .seconds(settings.databaseWaitSeconds), logger: logger)
    }

    private func engines() throws -> Engines {
        let others = settings.engines.map { entry in
            var logger = logger
            logger[metadataKey: "engine"] = "\(entry.name)"
            return Engine(configuration: configuration(of: entry), logger: logger)
        }
        do {
            return try Engines(
                Engine(configuration: configuration(of: EngineEntry(name: .default)), logger: logger),
                and: others
            )
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    private func configuration(of entry: EngineEntry) -> Engine.Configuration {
        var database = entry.database(besides: databaseURL)
        database.preparedStatements = settings.preparedStatements
        let timeout = Duration.milliseconds(settings.statementTimeoutMilliseconds)
        database.statementTimeout = timeout
        if timeout > .zero { database.operationTimeout = timeout + .seconds(5) }
        var configuration = Engine.Configuration(database: database, name: entry.name)
        configuration.listening = entry.listening(besides: settings.listenDatabaseURL)
        configuration.poolSize = settings.poolSize
        configuration.lanes = settings.lanes
        configuration.historyLevel = settings.historyLevel
        configuration.runsJobs = settings.jobs
        configuration.longPoll.onePerWorker = settings.uniqueWorkerRequests
        return configuration
    }

    private func api(for engines: Engines, behind gates: [EngineName: Gate]?) -> EngineAPI {
        var configuration = EngineAPI.Configuration()
        configuration.maximumBodySize = settings.maxBodyBytes
        configuration.maximumUploadSize = settings.maxUploadBytes
        configuration.isSecure = settings.tls != nil
        configuration.showsMetrics = settings.metrics
        if settings.metrics {
            let reported = ReportedMetrics()
            MetricsSystem.bootstrap(reported)
            configuration.addMetrics = { reported.show(in: &$0) }
        }
        return EngineAPI(engines: engines, configuration: configuration, gates: gates, logger: logger)
    }

    private func server(
        for api: EngineAPI,
        whenListening: @escaping @Sendable (Int) -> Void
    ) throws -> Application<EngineResponder> {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return Application(
            responder: api.responder,
            server: try settings.tls?.securing(api.server) ?? api.server,
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in whenListening(channel.localAddress?.port ?? settings.port) },
            logger: quiet
        )
    }

    private func ready(_ engines: Engines, _ listening: Announcement<Int>, tellingParent: Bool) -> ReadyMessage {
        ReadyMessage(logger: logger, tellsParent: tellingParent) {
            guard let port = await listening.value() else { return nil }
            while await !engines.areReady() {
                try await Task.sleep(for: .milliseconds(10))
            }
            let address = HTTPAddress(host: settings.host, port: port, isSecure: settings.tls != nil)
            return address.description + "/engine-rest"
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
        configuration.maximumGracefulShutdownDuration = drain + Self.shutdownPatience
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
        logger.info("Node is ready", metadata: ["url": "\(url)", "version": "\(ProductVersion.number)"])
        if tellsParent {
            LogOutput(fileDescriptor: STDOUT_FILENO).write(NodeProcess.readyLine)
        }
        try? await gracefulShutdown()
    }
}
