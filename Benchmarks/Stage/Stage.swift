import EmbeddedPostgres
import Foundation
import Logging
import Postgres
import Processes

/// A database server and nodes on it, for one program.
///
/// The server is private and durable (`fsync` and `synchronous_commit` on), unless an existing one is given. Everything
/// that was made is gone at the end.
final class Stage: Sendable {
    let options: StageOptions
    let nodes: [NodeProcess]
    let database: ConnectionSettings
    let pool: Pool
    private let cluster: PrivateCluster?
    private let logs: Task<Void, Never>
    /// From starting the first node to the last one being ready.
    let startTime: Duration

    static let logger = Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() }

    /// What the private server runs with besides its defaults, so that checkpoints do not fall into short measurements.
    static let parameters = [
        "shared_buffers": "512MB", "max_wal_size": "8GB", "checkpoint_timeout": "15min", "max_connections": "200",
    ]

    /// Sets the stage, calls `body`, and takes everything down again.
    static func with<Result>(_ options: StageOptions, _ body: (Stage) async throws -> Result) async throws -> Result {
        let cluster = try await startCluster(options)
        let server = cluster?.databaseURL() ?? options.databaseURL ?? ""
        do {
            let administration = ConnectionSettings(server, applicationName: "benchmark")
            try await run(Drop(), on: administration)
            try await run(Create(), on: administration)
            var database = administration
            database.database = "baton_benchmark"
            database.operationTimeout = .seconds(3600)
            database.statementTimeout = .seconds(3600)
            let stage = try await Stage(options, cluster, database)
            await stage.describe()
            do {
                let result = try await body(stage)
                await stage.takeDown()
                try await run(Drop(), on: administration)
                await cluster?.stop()
                return result
            } catch {
                await stage.takeDown()
                throw error
            }
        } catch {
            await cluster?.stop()
            throw error
        }
    }

    private init(_ options: StageOptions, _ cluster: PrivateCluster?, _ database: ConnectionSettings) async throws {
        self.options = options
        self.cluster = cluster
        self.database = database
        pool = Pool(database, limits: Pool.Limits(maximum: 4), logger: Self.logger)
        let ports = try FreePort.find(options.nodes ?? 1)
        let begin = ContinuousClock.now
        let nodes = try ports.map { try Self.startNode(port: $0, options, database) }
        self.nodes = nodes
        let shows = options.showLogs
        logs = Task {
            await withDiscardingTaskGroup { group in
                for (index, node) in nodes.enumerated() {
                    group.addTask {
                        await node.follow { if shows { Report.note("node \(index): \($0)") } }
                    }
                }
            }
        }
        for node in nodes where await !node.becomesReady() {
            for node in nodes { node.child.signal(SIGKILL) }
            throw BenchmarkFailure("A node did not start. Try --show-logs.")
        }
        startTime = ContinuousClock.now - begin
    }

    /// The process of the database server; nil for one that is not ours.
    var serverProcess: pid_t? { cluster?.serverProcess }
    /// Where the server's programs are; nil looks on the search path.
    var programs: String? { cluster?.programs }
    /// Ports of the nodes.
    var ports: [Int] { nodes.compactMap { URL(string: $0.url)?.port } }
    /// The processes of the nodes.
    var processes: [pid_t] { nodes.map(\.child.processIdentifier) }

    /// Processor time used so far.
    var processorTime: ProcessorTime { .used(nodes: processes, database: serverProcess) }

    /// Libpq's way to the database, for other programs.
    var databaseURL: String { Self.url(of: database) }

    /// Starts one more node, which the caller follows and ends.
    func startNode() throws -> NodeProcess {
        let port = try FreePort.find(1)[0]
        return try Self.startNode(port: port, options, database)
    }

    private static func startNode(
        port: Int,
        _ options: StageOptions,
        _ database: ConnectionSettings
    ) throws -> NodeProcess {
        try NodeProcess.start(
            executable: options.baton ?? siblingExecutable,
            port: port,
            databaseURL: url(of: database),
            arguments: ["--log-format", "json"] + options.nodeArguments
        )
    }

    private func takeDown() async {
        await withDiscardingTaskGroup { group in
            for node in nodes { group.addTask { await node.child.terminate(within: .seconds(20)) } }
        }
        await logs.value
        await pool.shutdown()
    }

    private func describe() async {
        Report.note("\(nodes.count) node(s), ready after \(startTime.milliseconds.text) ms on an empty database")
        let settings = (try? await pool.run(ReadSettings())) ?? []
        Report.note("PostgreSQL: " + settings.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
        Report.note("\(ProcessInfo.processInfo.activeProcessorCount) processors, shared with this load generator")
    }

    private static func startCluster(_ options: StageOptions) async throws -> PrivateCluster? {
        guard options.databaseURL == nil else { return nil }
        var settings = PrivateCluster.Settings.disposable
        settings.isDurable = true
        settings.parameters = parameters
        for parameter in options.databaseParameters {
            let parts = parameter.split(separator: "=", maxSplits: 1).map(String.init)
            settings.parameters[parts[0]] = parts[1]
        }
        return try await PrivateCluster.start(settings, logger: logger)
    }

    private static var siblingExecutable: String {
        URL(fileURLWithPath: ChildProcess.ownExecutable).deletingLastPathComponent().appendingPathComponent("baton")
            .path
    }

    private static func url(of settings: ConnectionSettings) -> String {
        guard let database = settings.database else { return settings.conninfo }
        guard var parts = URLComponents(string: settings.conninfo), parts.scheme != nil else {
            return "\(settings.conninfo) dbname='\(database)'"
        }
        parts.path = "/\(database)"
        return parts.string ?? settings.conninfo
    }

    private static func run(_ statement: some Statement, on settings: ConnectionSettings) async throws {
        let session = try await Session.connect(settings, logger: logger)
        _ = try await session.run(statement)
        await session.close()
    }
}

private struct Create: Statement {
    static let sql: SQLText = "create database baton_benchmark"
}

private struct Drop: Statement {
    static let sql: SQLText = "drop database if exists baton_benchmark with (force)"
}

private struct ReadSettings: Statement {
    static let sql: SQLText = """
        select name, coalesce(nullif(current_setting(name), ''), '-') from pg_settings
        where name in ('server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size',
            'full_page_writes', 'wal_level')
        order by name
        """

    struct Row: Sendable {
        var name: String
        var value: String
    }

    static let rows = RowDecoder<Row> { (name: String, value: String) in Row(name: name, value: value) }
}

/// Why a measurement could not be made.
struct BenchmarkFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
    var inSeconds: Double { self / .seconds(1) }
}
