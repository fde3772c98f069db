import EngineCore
import EngineStore
import Logging
import Postgres
import TestSupport

@testable import EngineRuntime

/// What carries out commands on one node: sessions, definitions and lanes of its own, and nothing in common with other
/// nodes but the database.
final class CommandNode: Sendable {
    private static let applicationName = "node of a test"

    let line: CuttableLine
    private let pools: [Pool]
    private let runner: CommandRunner

    private init(_ line: CuttableLine) {
        self.line = line
        let lanes = Pool(
            line.settings.lookingUpByKey,
            limits: Pool.Limits(maximum: 2),
            logger: TestServer.logger
        )
        let reading = Pool(line.settings, limits: Pool.Limits(maximum: 2), logger: TestServer.logger)
        pools = [lanes, reading]
        runner = CommandRunner(
            lanes: 2,
            processor: BatchProcessor(
                pool: lanes,
                definitions: DefinitionCache(database: reading),
                historyLevel: .full,
                measures: EngineMeasures(),
                logger: TestServer.logger,
                workAppeared: { _ in },
                signalsThrown: { _, done in done() }
            )
        )
    }

    /// Calls `body` with so many nodes at work on a database.
    static func run(
        _ count: Int,
        on settings: ConnectionSettings,
        _ body: ([CommandNode]) async throws -> Void
    ) async throws {
        var nodes: [CommandNode] = []
        var settings = settings
        settings.applicationName = applicationName
        for _ in 0..<count { nodes.append(CommandNode(try await .open(to: settings))) }
        let result = await withTaskGroup(of: Void.self) { group -> Result<Void, any Error> in
            for node in nodes { group.addTask { await node.runner.run() } }
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(nodes))
            } catch {
                result = .failure(error)
            }
            for node in nodes { node.runner.drain() }
            return result
        }
        for node in nodes {
            for pool in node.pools { await pool.shutdown() }
            await node.line.close()
        }
        try result.get()
    }

    /// Ends all sessions of nodes; returns when they are gone.
    static func endSessions(by session: Session) async throws {
        var query = DynamicQuery("EndSessions", "select pg_terminate_backend(pid, 10000) from pg_stat_activity")
        query.append(" where datname = current_database() and application_name = ", applicationName)
        _ = try await session.run(query, rows: RowDecoder { (isGone: Bool) in isGone })
    }

    /// The answer to a command.
    func carryOut(_ job: CommandJob) async -> Result<CommandOutcome, any Error> {
        await withCheckedContinuation { continuation in
            runner.submit(
                CommandJob(request: job.request, kin: job.kin, seed: job.seed) { continuation.resume(returning: $0) }
            )
        }
    }
}
