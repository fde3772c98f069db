package import Access
package import EngineRuntime
package import HummingbirdCore
package import Logging
package import Measures
package import NIOCore

/// Engines over HTTP: the operations of the REST contract below `/engine-rest` for the default engine and below
/// `/engine-rest/engine/{name}` for each, and the health checks at the root.
///
/// A node serves it with an application:
///
///     let api = EngineAPI(engines: engines, logger: logger)
///     let application = Application(responder: api.responder, server: api.server, logger: logger)
package struct EngineAPI: Sendable {
    /// What can be set.
    package struct Configuration: Sendable {
        /// The path of the API's root, without a slash at its end.
        package var contextPath = "/engine-rest"
        /// The version that `GET /version` answers with: the one whose behaviour this is.
        package var version = "7.24.0"
        /// Whether clients reach the server by HTTPS: links say so.
        package var isSecure = false
        /// The largest body in JSON, in bytes.
        package var maximumBodySize = 32 * 1024 * 1024
        /// The largest form, in bytes: a deployment, or the content of a variable.
        package var maximumUploadSize = 50 * 1024 * 1024
        /// The bytes that large bodies (``LargeBodies/threshold``) may have together.
        package var largeBodyCapacity = 256 * 1024 * 1024
        /// How long a request with a large body waits until there is room for it.
        package var largeBodyPatience = Duration.seconds(10)
        /// How long a client that has begun a request may send nothing of the rest, before its connection is closed.
        package var sendPatience = TimeAmount.seconds(30)
        /// Whether there is a page of metrics, `GET /metrics`.
        package var showsMetrics = true
        /// Adds to it what this module does not know.
        package var addMetrics: @Sendable (inout PrometheusText) -> Void = { _ in }
        /// The longest a poll may wait, in milliseconds.
        package var maximumPollMilliseconds: Int64 = 1_800_000

        /// The defaults.
        package init() {}
    }

    private let clients = ClientRegistry()
    private let sendPatience: TimeAmount
    /// Answers requests; goes into an application together with ``server``.
    package let responder: EngineResponder

    /// An API for one engine or several.
    ///
    /// - Parameters:
    ///   - engines: What does the work.
    ///   - configuration: Paths and bounds.
    ///   - gates: For each engine, what finds out who calls; nil lets everybody do everything.
    ///   - logger: Where failed requests are reported.
    ///   - readiness: Whether each engine can do its work now, in order: `GET /health/ready` answers 200 or 503. By
    ///     default the engines are asked.
    package init(
        engines: Engines,
        configuration: Configuration = Configuration(),
        gates: [EngineName: Gate]? = nil,
        logger: Logger,
        readiness: (@Sendable () async -> [Readiness])? = nil
    ) {
        sendPatience = configuration.sendPatience
        responder = EngineResponder(
            engines: engines,
            configuration: configuration,
            gates: gates,
            clients: clients,
            logger: logger,
            readiness: readiness ?? { await engines.readiness() }
        )
    }

    /// An API for one engine.
    package init(
        engine: Engine,
        configuration: Configuration = Configuration(),
        gate: Gate? = nil,
        logger: Logger,
        readiness: (@Sendable () async -> [Readiness])? = nil
    ) {
        self.init(
            engines: Engines(engine),
            configuration: configuration,
            gates: gate.map { [engine.name: $0] },
            logger: logger,
            readiness: readiness
        )
    }

    /// From now on every answer is the last one of its connection, so that clients and balancers come back elsewhere.
    package func beginDraining() { responder.draining.begin() }

    /// The server for ``responder``: HTTP/1.1, with an eye on each connection, so that a parked poll whose client is
    /// gone takes no more tasks, and a short cut for what workers ask for all the time.
    package var server: HTTPServerBuilder {
        let (responder, clients, sendPatience) = (responder, clients, sendPatience)
        return HTTPServerBuilder {
            EngineChannel(
                HTTP1Channel(responder: $0),
                responder: responder,
                clients: clients,
                sendPatience: sendPatience
            )
        }
    }
}
