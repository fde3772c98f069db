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

    /// How often the listener tells itself something, which proves that wake-ups arrive.
    private static let heartbeat = Duration.seconds(3)
    /// For how long the listener may hear nothing before the node counts as not ready.
    private static let longestSilence = Duration.seconds(6)

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
    let listener: WorkListener
    private let probe: DatabaseProbe
    let measures: EngineMeasures
    let roundTrips: RoundTripTimes
    let sampler: WorkSampler
    private let state = Mutex(Readiness.Life.starting)

    /// An engine that does nothing before ``run()``.
    package init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let database = configuration.database
        let (measures, times) = (EngineMeasures(), RoundTripTimes())
        let pool = Pool(
            database,
            limits: Pool.Limits(maximum: max(1, configuration.poolSize)),
            logger: logger,
            times: times
        )
        let lanePool = Pool(
            database.lookingUpByKey,
            limits: Pool.Limits(maximum: max(1, configuration.lanes)),
            logger: logger,
            times: times
        )
        let claimPool = Pool(
            database.claiming,
            limits: Pool.Limits(maximum: max(1, configuration.poolSize / 2)),
            logger: logger,
            times: times
        )
        let definitions = DefinitionCache(database: pool)
        // This node's name in announcements, so that it does not hear its own.
        let node = UInt64.random(in: .min ... .max)
        let notifier = Notifier(database, channel: configuration.channel, node: node, logger: logger)
        let longPoll = LongPoll(
            limits: configuration.longPoll,
            check: { try await claimPool.look(atTopics: $0) },
            announce: { notifier.announce($0) },
            measures: measures,
            logger: logger
        )
        let listener = Listener(
            configuration.listening ?? database,
            channel: configuration.channel,
            heartbeat: Self.heartbeat,
            logger: logger
        )
        self.pool = pool
        probe = DatabaseProbe(pool: pool)
        self.measures = measures
        roundTrips = times
        sampler = WorkSampler(pool: pool, logger: logger)
        self.lanePool = lanePool
        self.claimPool = claimPool
        self.definitions = definitions
        self.longPoll = longPoll
        self.notifier = notifier
        bulkPool = Pool(database.holdingJobs, limits: Pool.Limits(maximum: 2), logger: logger, times: times)
        let bulkRunner = configuration.runsJobs ? BulkRunner() : nil
        self.bulkRunner = bulkRunner
        self.listener = WorkListener(listener, longPoll: longPoll, node: node, logger: logger) { bulkRunner?.wake() }
        fetcher = ExternalTaskFetcher(pool: claimPool, longPoll: longPoll, measures: measures, logger: logger) { id in
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
                measures: measures,
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

    /// Makes sure that what other nodes announce is listened for in the database where it is announced.
    ///
    /// - Throws: ``EnginesError`` when it is not; `PostgresError` when one of the two cannot be asked.
    func checkListening() async throws {
        guard let listening = configuration.listening else { return }
        let session = try await Session.connect(listening, logger: logger)
        let heard: SchemaPlace?
        do {
            heard = try await session.run(LocateSchema()).first
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        guard try await place() == heard else { throw EnginesError.listensElsewhere(name) }
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

    /// The first step of a shutdown: the engine is not ready any more, parked polls are answered with no tasks, so that
    /// their clients go to another node, and none is parked again.
    ///
    /// Whatever still comes is served, but jobs are left to other nodes.
    package func drainPolls() {
        state.withLock { $0 = .draining }
        longPoll.drain()
        bulkRunner?.stop()
    }

    /// Takes on nothing new: parked polls are answered with no tasks, commands that wait are finished.
    package func drain() {
        drainPolls()
        runner.drain()
    }

    /// The pools by what their sessions are for.
    var pools: [(name: String, pool: Pool)] {
        [("reading", pool), ("claims", claimPool), ("lanes", lanePool), ("jobs", bulkPool)]
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

    /// Whether the engine can serve requests now, and what it lacks; takes ``DatabaseProbe/patience`` at most.
    package func readiness() async -> Readiness {
        let life = state.withLock { $0 }
        let wakeUps = wakeUps
        guard life == .running else {
            let unknown = Readiness.Finding(isUp: false, note: "Not asked.")
            return Readiness(
                name: name,
                life: life,
                database: unknown,
                schema: probe.lastSchema ?? unknown,
                wakeUps: wakeUps
            )
        }
        let answer = await answer(wakeUps)
        return Readiness(
            name: name,
            life: state.withLock { $0 },
            database: answer.database,
            schema: answer.schema ?? probe.lastSchema ?? Readiness.Finding(isUp: false, note: "Not seen yet."),
            wakeUps: wakeUps
        )
    }

    private func answer(_ wakeUps: Readiness.Finding) async -> DatabaseProbe.Answer {
        // Whose sessions are all at work is busy, not away; the listener's heartbeats go over a session of their own.
        guard pool.statistics.busy < pool.limits.maximum || !wakeUps.isUp else {
            return DatabaseProbe.Answer(
                database: Readiness.Finding(isUp: true, note: "All sessions are at work; heartbeats arrive.")
            )
        }
        return await probe.answer()
    }

    /// Whether announcements arrive here: the listener's own heartbeats do.
    private var wakeUps: Readiness.Finding {
        guard let silence = listener.silence else { return Readiness.Finding(isUp: false, note: "Not listening.") }
        return Readiness.Finding(isUp: silence <= Self.longestSilence, milliseconds: silence.wholeMilliseconds)
    }

    /// Whether the engine can serve requests now: see ``readiness()``.
    package func isReady() async -> Bool { await readiness().isReady }
}
