import EngineStore
package import Logging
package import Postgres
package import sql

/// Brings a database to the schema that this binary carries.
///
/// Each migration is one transaction under one lock, so any number of nodes may start at the same moment on one
/// database, empty or not: they take turns, and what one has done the others skip. A database that is up to date costs
/// two questions and no lock. A database that is newer is worked with as long as every step that this binary does not
/// know is additive.
package struct Migrator: Sendable {
    private let logger: Logger
    private let migrations: [Migration]

    /// The longest that a node waits for others that migrate the same database.
    package static let turnTimeout = Duration.seconds(600)
    /// The longest that a migration waits for a table; while it waits, nobody else gets at the table either.
    package static let tableTimeout = Duration.seconds(5)
    /// How often a migration is tried whose tables are in use.
    package static let maximumAttempts = 20
    /// The pause after a try that found a table in use.
    package static let pause = Duration.seconds(1)
    /// The longest that the script of one migration may run.
    package static let scriptTimeout = Duration.seconds(24 * 3600)

    /// A migrator of the migrations that this binary carries, or of others for a test.
    package init(logger: Logger, migrations: [Migration] = Migration.all) {
        self.logger = logger
        self.migrations = migrations
    }

    /// Applies every migration that the database lacks, in order.
    ///
    /// - Returns: What this call applied; what other nodes applied meanwhile is not in it.
    /// - Throws: ``MigrationError`` when the database cannot be used with this binary or refuses a migration,
    ///   ``PostgresError`` when it cannot be asked. What was applied before stays applied.
    @discardableResult
    package func migrate(_ session: Session) async throws -> [AppliedMigration] {
        let plan = try await plan(for: session)
        report(plan)
        var applied: [AppliedMigration] = []
        for migration in plan.pending {
            guard let step = try await applyWhenFree(migration, on: session) else { continue }
            logger.info(
                "Migration applied",
                metadata: ["migration": "\(migration.fileName)", "elapsed": "\(step.elapsed)"]
            )
            applied.append(step)
        }
        return applied
    }

    /// What ``migrate(_:)`` would do now.
    ///
    /// Changes nothing and takes no lock.
    package func plan(for session: Session) async throws -> MigrationPlan {
        try MigrationPlan(known: migrations, recorded: try await recorded(on: session))
    }

    private func report(_ plan: MigrationPlan) {
        if let newest = plan.newer.last {
            logger.notice(
                "The database is newer than this program, which can work with it",
                metadata: ["migration": "\(newest.number) \(newest.name)"]
            )
        }
        guard !plan.pending.isEmpty else { return }
        logger.info("Migrating the database", metadata: ["pending": "\(plan.pending.count)"])
    }

    private func recorded(on session: Session) async throws(PostgresError) -> [RecordedMigration] {
        guard try await session.run(FindMigrationTable()).first == true else { return [] }
        return try await session.run(ReadMigrations())
    }

    /// Tries until the tables are free; between tries they are everyone's.
    private func applyWhenFree(_ migration: Migration, on session: Session) async throws -> AppliedMigration? {
        for attempt in 1...Self.maximumAttempts {
            do {
                return try await apply(migration, on: session)
            } catch let error as PostgresError where error.sqlState == .lockNotAvailable {
                logger.warning(
                    "Migration waits for tables that are in use",
                    metadata: ["migration": "\(migration.fileName)", "attempt": "\(attempt)"]
                )
                try await Task.sleep(for: Self.pause)
            }
        }
        throw MigrationError.busy(migration, attempts: Self.maximumAttempts)
    }

    /// Nil when another node has applied it.
    private func apply(_ migration: Migration, on session: Session) async throws -> AppliedMigration? {
        try await takeTurn(on: session)
        guard try await isNext(migration, on: session) else {
            try await session.execute(.rollback)
            return nil
        }
        let elapsed = try await ContinuousClock().measure { try await run(migration, on: session) }
        return AppliedMigration(number: migration.number, name: migration.name, elapsed: elapsed)
    }

    /// Whether the migration is still to be done, now that nobody else can do it.
    private func isNext(_ migration: Migration, on session: Session) async throws -> Bool {
        do {
            return try await plan(for: session).pending.first == migration
        } catch let error as MigrationError {
            // Nothing was wrong with the session, so the transaction is still open.
            try await session.execute(.rollback)
            throw error
        }
    }

    /// Opens a transaction in which no other node migrates.
    private func takeTurn(on session: Session) async throws {
        var pipeline = Pipeline()
        pipeline.begin()
        pipeline.add(LimitWaiting(lockMilliseconds: Self.turnTimeout.milliseconds))
        pipeline.add(LockMigrations(schema: session.settings.schema?.name))
        pipeline.add(LimitWaiting(lockMilliseconds: Self.tableTimeout.milliseconds))
        do {
            try await session.execute(pipeline, timeout: Self.turnTimeout + .seconds(5))
        } catch {
            throw error.sqlState == .lockNotAvailable ? MigrationError.noTurn : error
        }
    }

    private func run(_ migration: Migration, on session: Session) async throws {
        if migration == migrations.first { try await createSchema(on: session) }
        try await runScript(of: migration, on: session)
        var pipeline = Pipeline()
        pipeline.add(RecordMigration(migration.record))
        pipeline.commit()
        try await session.execute(pipeline)
    }

    /// Makes the schema that the settings name, if they name one that is not there.
    private func createSchema(on session: Session) async throws(PostgresError) {
        guard let schema = session.settings.schema else { return }
        guard try await session.run(FindSchema(name: schema.name)).first == false else { return }
        var query = DynamicQuery("CreateSchema")
        query.append("create schema ", identifier: schema)
        try await session.run(query)
    }

    private func runScript(of migration: Migration, on session: Session) async throws {
        do {
            try await session.run(
                SQLScript(name: migration.fileName, trusted: migration.script),
                timeout: Self.scriptTimeout
            )
        } catch {
            throw error.isRefusal ? MigrationError.failed(migration, message: error.message) : error
        }
    }
}

/// A migration that was done just now.
package struct AppliedMigration: Sendable, Hashable {
    package var number: Int32
    package var name: String
    package var elapsed: Duration
}

extension PostgresError {
    /// Whether the database refused the script for what it says.
    fileprivate var isRefusal: Bool { sqlState != nil && sqlState != .lockNotAvailable && !isConnectionLoss }
}

extension Pipeline {
    fileprivate static var rollback: Pipeline {
        var pipeline = Pipeline()
        pipeline.rollback()
        return pipeline
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
