public import Logging

/// Calls a server of the Camunda 7 REST contract: external tasks, variables, and what it takes to start processes.
///
/// A client has no state but its connections: share one, from any task. Most programs give it to a ``Worker`` and need
/// no more. Connections are ended when the client is gone, or by ``shutdown()``.
///
/// ```swift
/// let client = try EngineClient(url: "http://127.0.0.1:8080/engine-rest")
/// let tasks = try await client.fetchAndLock(
///     FetchRequest(workerID: "w-1", topics: [.init("charge-card", lockDuration: .seconds(30))])
/// )
/// ```
///
/// Every call throws ``BatonError``, or `CancellationError` when the surrounding task is cancelled.
public struct EngineClient: Sendable {
    /// The settings.
    public let configuration: Configuration
    let transport: any Transport
    private(set) var logger: Logger
    let timeline: Timeline

    /// A client that speaks HTTP.
    ///
    /// - Parameters:
    ///   - configuration: Where the server is and how it is called.
    ///   - logger: For what happens; nothing is logged without one.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when the address or a certificate cannot
    ///   be used.
    public init(_ configuration: Configuration, logger: Logger? = nil) throws {
        let configuration = try configuration.validated()
        self.init(valid: configuration, transport: try HTTPTransport(configuration), logger: logger)
    }

    /// A client for the API at an address, with the usual settings otherwise.
    ///
    /// - Throws: As ``init(_:logger:)``.
    public init(url: String, interceptors: [any Interceptor] = [], logger: Logger? = nil) throws {
        try self.init(Configuration(url: url, interceptors: interceptors), logger: logger)
    }

    /// A client with a transport and a clock of your own; settings of connections and TLS have no effect.
    ///
    /// - Parameters:
    ///   - configuration: Where the server is and how it is called.
    ///   - transport: Carries the requests.
    ///   - clock: Measures the time between attempts.
    ///   - logger: For what happens; nothing is logged without one.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when a setting is out of its bounds.
    public init(
        _ configuration: Configuration,
        transport: any Transport,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger? = nil
    ) throws {
        self.init(valid: try configuration.validated(), transport: transport, clock: clock, logger: logger)
    }

    /// A client with settings that are known to be within their bounds.
    package init(
        valid configuration: Configuration,
        transport: any Transport,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger? = nil
    ) {
        self.configuration = configuration
        self.transport = transport
        timeline = Timeline(clock)
        self.logger = logger ?? Logger(label: "baton.client") { _ in SwiftLogNoOpLogHandler() }
    }

    /// The same client, which logs to another logger.
    func logging(to logger: Logger) -> EngineClient {
        var client = self
        client.logger = logger
        return client
    }

    /// Ends all connections; calls under way and later ones fail with ``BatonError/Code/unreachable``.
    ///
    /// Not needed: a client that nobody has any more does the same.
    public func shutdown() async {
        await transport.shutdown()
    }
}
