package import EngineStore
package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// The engine of one database: everything that HTTP can do, typed and asynchronous, for tests, the demo and programs
/// that embed it.
///
/// Methods throw ``Rejection`` when the request cannot be done (nothing was written), ``Overload`` when it cannot be
/// taken on now, and `PostgresError` when the database cannot be asked. The engine holds no state that matters: any
/// number of engines may work on one database. ``run()`` must be running for commands to be carried out and for polls to
/// be woken.
///
/// What it can do stands in the folder Operations, one extension per family.
package final class Engine: Service {
    package let configuration: Configuration
    package let logger: Logger
    /// Sessions for reading and deploying.
    package let pool: Pool
    package let definitions: DefinitionCache
    package let longPoll: LongPoll
    /// What paths call this engine.
    package var name: EngineName { configuration.name }
    let runner: CommandRunner
    let fetcher: ExternalTaskFetcher
    let signals: SignalDelivery

    /// How long the database may take to answer before the node counts as not ready.
    private static let readinessPatience = Duration.seconds(1)

    /// How long a command or a claim may wait to be begun.
    private static let longestQueueing = Duration.seconds(10)
    private static let sheddingInterval = Duration.seconds(1)

    private let lanePool: Pool
    /// Sessions for claims, which lists and counts must not hold up.
    private let claimPool: Pool
    /// Sessions that hold jobs of batches while lanes carry them out: one for the runner, one for whoever asks.
    private let bulkPool: Pool
    /// Nil when this node carries out nothing by itself.
    private let bulkRunner: BulkRunner?
    private let notifier: Notifier
    private let listener: WorkListener
    private let state = Mutex(State.starting)

    private enum State {
        /// Not migrated yet.
        case starting
        case running
        case draining
    }

    /// An engine that does nothing before ``run()``.
    package init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let database = configuration.database
        let pool = Pool(database, limits: Pool.Limits(maximum: max(1, configuration.poolSize)), logger: logger)
        let lanePool = Pool(
            database.lookingUpByKey,
            limits: Pool.Limits(maximum: max(1, configuration.lanes)),
            logger: logger
        )
        let claimPool = Pool(
            database.claiming,
            limits: Pool.Limits(maximum: max(1, configuration.poolSize / 2)),
            logger: logger
        )
        let definitions = DefinitionCache(database: pool)
        // This node's name in announcements, so that it does not hear its own.
        let node = UInt64.random(in: .min ... .max)
        let notifier = Notifier(database, channel: configuration.channel, node: node, logger: logger)
        let longPoll = LongPoll(
            limits: configuration.longPoll,
            check: { try await claimPool.look(atTopics: $0) },
            announce: { notifier.announce($0) },
            logger: logger
        )
        let listener = Listener(database, channel: configuration.channel, logger: logger)
        self.pool = pool
        self.lanePool = lanePool
        self.claimPool = claimPool
        self.definitions = definitions
        self.longPoll = longPoll
        self.notifier = notifier
        bulkPool = Pool(database.holdingJobs, limits: Pool.Limits(maximum: 2), logger: logger)
        let bulkRunner = configuration.runsJobs ? BulkRunner() : nil
        self.bulkRunner = bulkRunner
        self.listener = WorkListener(listener, longPoll: longPoll, node: node, logger: logger) { bulkRunner?.wake() }
        fetcher = ExternalTaskFetcher(pool: claimPool, longPoll: longPoll, logger: logger) { id in
            try await definitions.definition(id).definition
        }
        let signals = SignalDelivery(logger: logger)
        self.signals = signals
        runner = CommandRunner(
            lanes: configuration.lanes,
            processor: BatchProcessor(
                pool: lanePool,
                definitions: definitions,
                historyLevel: configuration.historyLevel,
                logger: logger,
                workAppeared: { longPoll.workAppeared($0) },
                signalsThrown: { signals.deliver($0, done: $1) }
            )
        )
        signals.attach(self)
    }

    /// Brings the database to this program's schema; safe with any number of nodes at once.
    ///
    /// - Returns: What was applied by this call.
    @discardableResult
    package func migrate() async throws -> [AppliedMigration] {
        let session = try await Session.connect(configuration.database, logger: logger)
        do {
            let applied = try await Migrator(logger: logger).migrate(session)
            await session.close()
            return applied
        } catch {
            await session.close()
            throw error
        }
    }

    /// Where the engine's tables are, after ``migrate()``.
    package func place() async throws -> SchemaPlace? {
        try await pool.run(LocateSchema()).first
    }

    /// Migrates, then works until the task is cancelled or the service is shut down: parked polls are answered at once,
    /// commands that were taken on are finished.
    package func run() async throws {
        try await migrate()
        state.withLock { if case .starting = $0 { $0 = .running } }
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.longPoll.run() }
                group.addTask { await self.notifier.run() }
                group.addTask { await self.listener.run() }
                group.addTask { await self.shedRegularly() }
                group.addTask { await self.signals.sweepRegularly() }
                group.addTask { await self.bulkRunner?.run(self.bulkWork) }
                await runner.run()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.drain()
        }
        await bulkPool.shutdown()
        await lanePool.shutdown()
        await claimPool.shutdown()
        await pool.shutdown()
    }

    /// Refuses what waits for a database that is slow or gone, so that nobody waits without end and memory stays bounded.
    private func shedRegularly() async {
        while (try? await Task.sleep(for: Self.sheddingInterval)) != nil {
            let moment = ContinuousClock.now - Self.longestQueueing
            runner.shed(arrivedBefore: moment)
            fetcher.shed(arrivedBefore: moment)
        }
    }

    /// Answers parked polls with no tasks, so that their clients go to another node; none is parked any more.
    ///
    /// The first step of a shutdown, before the server waits for the requests under way.
    package func drainPolls() {
        state.withLock { $0 = .draining }
        longPoll.drain()
    }

    /// Takes on nothing new: parked polls are answered with no tasks, commands that wait are finished.
    package func drain() {
        drainPolls()
        bulkRunner?.stop()
        runner.drain()
    }

    /// Carries out jobs of batches.
    var bulkWork: BulkWork {
        BulkWork(pool: bulkPool, isHistoryKept: configuration.historyLevel >= .full, logger: logger) {
            try await self.perform($0, on: $1)
        }
    }

    /// Batches have something to do: wakes whoever carries them out, here and on other nodes.
    func batchesAppeared() {
        bulkRunner?.wake()
        notifier.announce(.batches)
    }

    /// Whether the node can serve requests now: migrated, not draining, the database answers, and the channel that wakes
    /// polls has been heard.
    package func isReady() async -> Bool {
        guard state.withLock({ $0 == .running }), listener.isListening else { return false }
        // Whose sessions are all at work is busy, not away; the listener's heartbeats go over a connection of their own.
        guard pool.statistics.busy < pool.limits.maximum else { return true }
        let pool = pool
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { await (try? pool.run(Ping()))?.isEmpty == false }
            group.addTask {
                try? await Task.sleep(for: Self.readinessPatience)
                return false
            }
            let isReady = await group.next() ?? false
            group.cancelAll()
            return isReady
        }
    }
}

/// Asks whether the database answers.
private struct Ping: Statement {
    static let sql: SQLText = "select 1"
    static let rows = RowDecoder(Int32.self)
}
