import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

/// Fetches tasks, hands them to handlers, keeps their locks, and reports what came of them.
///
/// ```swift
/// let worker = try Worker(client: client, logger: logger) {
///     Subscription("charge-card") { task, context in
///         let amount: Int = try task.variables.require("amount")
///         return ["receipt": .string(try await cards.charge(amount))]
///     }
/// }
/// try await worker.run()
/// ```
///
/// A worker is a `Service`: put it into a `ServiceGroup` beside others. On graceful shutdown it stops fetching, lets
/// handlers end for ``Configuration/drainTimeout``, cancels the rest, and gives their tasks back within
/// ``Configuration/giveBackTimeout``. When the task that runs it is cancelled, handlers are cancelled at once, and
/// their tasks are given back.
public final class Worker: Service {
    /// How a worker works.
    public struct Configuration: Sendable {
        /// The worker's id: by it the server knows whose a lock is; at most 255 characters.
        ///
        /// Must be one of its own for each process. The default is the machine's name with a random part.
        public var id = Worker.makeID()
        /// How many handlers run at the same time, at least 1; no more tasks are fetched than are free.
        public var maximumTasks = 10
        /// How long the server may hold a poll open, zero to 30 minutes.
        public var pollTimeout = Duration.seconds(20)
        /// Whether tasks of higher priority come first.
        public var usesPriority = true
        /// Which tasks come first within the same priority; nil leaves it to the server.
        public var creationOrder: FetchRequest.CreationOrder?
        /// For how long a report that does not get through is repeated, zero to 36,500 days.
        ///
        /// A task may be completed after its lock ran out, unless somebody else has fetched it.
        public var reportPatience = Duration.seconds(300)
        /// How long handlers may go on after the begin of a graceful shutdown, zero to 36,500 days.
        public var drainTimeout = Duration.seconds(20)
        /// How long reports may take, and giving tasks back, once handlers are cancelled, zero to 36,500
        /// days.
        ///
        /// So a worker ends within this time after ``drainTimeout``, if its handlers end as soon as they are cancelled:
        /// it waits for those that do not. What is not told in time comes back when its lock ends.
        public var giveBackTimeout = Duration.seconds(5)
        /// How long the worker waits before it asks again.
        public var backoff: any PollBackoff = FullJitterBackoff()
        /// What is told of an error that a handler threw: the engine stores it and shows it to operators; the log has
        /// its message at the level *debug*, and the task's span.
        ///
        /// The default is ``ErrorReport/init(of:)``: what the error says by itself, and never its properties.
        public var describe: @Sendable (any Error) -> ErrorReport = { ErrorReport(of: $0) }

        /// The usual settings.
        public init() {}

        /// The usual settings with an id and a bound of your own.
        public init(id: String, maximumTasks: Int = 10) {
            self.id = id
            self.maximumTasks = maximumTasks
        }
    }

    let client: EngineClient
    let configuration: Configuration
    let subscriptions: [String: Subscription]
    /// In one order for all workers: a server may share its work among polls for the same topics in the same order.
    let topics: [FetchRequest.Topic]
    let logger: Logger
    let timeline: Timeline
    /// The machine's date, to compare with the server's; nil when `clock` is one of a test, which knows none.
    let wallClock: (@Sendable () -> Date)?
    private let hasRun = Atomic(false)

    /// A worker; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - client: Whom to call.
    ///   - configuration: How the worker works.
    ///   - clock: Measures locks, pauses and time-outs.
    ///   - logger: For every event of the worker's life.
    ///   - subscriptions: The topics and their handlers; at least one, each topic once.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when a setting is out of its bounds, or
    ///   topics are missing or appear twice.
    public convenience init(
        client: EngineClient,
        configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger,
        @SubscriptionBuilder subscriptions: () -> [Subscription]
    ) throws {
        let isReal = clock is ContinuousClock || clock is SuspendingClock
        let wallClock: (@Sendable () -> Date)? = isReal ? { @Sendable in Date() } : nil
        try self.init(
            client: client,
            configuration: configuration,
            clock: clock,
            wallClock: wallClock,
            logger: logger,
            subscriptions: subscriptions()
        )
    }

    init(
        client: EngineClient,
        configuration: Configuration,
        clock: any Clock<Duration>,
        wallClock: (@Sendable () -> Date)?,
        logger: Logger,
        subscriptions: [Subscription]
    ) throws {
        try configuration.validate(subscriptions)
        self.client = client
        self.configuration = configuration
        self.subscriptions = Dictionary(subscriptions.map { ($0.topic, $0) }) { first, _ in first }
        topics = subscriptions.map { .init($0.topic, lockDuration: $0.lockDuration, options: $0.options) }
            .sorted { $0.name < $1.name }
        self.logger = logger
        timeline = Timeline(clock)
        self.wallClock = wallClock
    }

    /// The worker's id.
    public var id: String { configuration.id }

    /// Works until the service group shuts down or the surrounding task is cancelled.
    ///
    /// Does not throw because a server is down or refuses: it says so in the log, and tries again.
    /// - Throws: `CancellationError` when the surrounding task was cancelled; ``BatonError`` with
    ///   ``BatonError/Code/alreadyRun`` when it was called before: make another worker.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else {
            throw BatonError(.alreadyRun, message: "The worker \(id) has been run already")
        }
        try await work()
    }

    private static func makeID() -> String {
        let random = UInt32.random(in: 0 ... .max)
        return "\(ProcessInfo.processInfo.hostName.prefix(200))-\(String(random, radix: 16))"
    }
}
