import EmbeddedPostgres
import Foundation
import LabChecker
import Postgres
import Synchronization

/// The lab's database server, which can be crashed and comes back.
final class LabDatabase: Sendable {
    static let name = "baton"

    private let cluster: Mutex<PrivateCluster>
    let url: String
    /// The lab's own connections, to look at what there is.
    let pool: Pool

    /// Starts a durable server in a directory.
    init(directory: String) async throws {
        var settings = PrivateCluster.Settings(directory: directory)
        settings.maximumConnections = 200
        settings.parameters = ["shared_buffers": "128MB", "max_wal_size": "2GB"]
        let cluster = try await PrivateCluster.start(settings, logger: BatonLab.logger)
        try await cluster.createDatabase(Self.name)
        self.cluster = Mutex(cluster)
        url = cluster.databaseURL(database: Self.name)
        var connection = ConnectionSettings(url, applicationName: "lab")
        connection.statementTimeout = .seconds(600)
        connection.operationTimeout = .seconds(600)
        pool = Pool(connection, limits: Pool.Limits(maximum: 3), logger: BatonLab.logger)
    }

    /// What `pg_ctl restart -m immediate` does: no checkpoint, no farewell, recovery from the log at the start.
    func crash(downFor pause: Duration) async throws {
        let cluster = cluster.withLock(\.self)
        if let process = cluster.serverProcess { _ = kill(process, SIGQUIT) }
        await cluster.stop()
        try? await Task.sleep(for: pause)
        let next = try await PrivateCluster.start(cluster.settings, logger: BatonLab.logger)
        self.cluster.withLock { $0 = next }
    }

    /// Kills one of the processes that serve connections; the server then ends all of them and recovers.
    func killBackend(_ dice: inout Dice) -> Bool {
        guard let server = cluster.withLock(\.self).serverProcess else { return false }
        let children = Self.children(of: server)
        guard !children.isEmpty else { return false }
        return kill(dice.pick(children), SIGKILL) == 0
    }

    /// Waits until the database answers.
    ///
    /// - Throws: ``LabFailure`` when it does not come back.
    func waitUntilUsable() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if (try? await pool.run(ReadClock())) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw LabFailure("The database did not come back.")
    }

    /// Compares the database's clock with the lab's; nil while the database is away.
    func readClock() async -> ClockSample? {
        // The first one opens the connection.
        guard (try? await pool.run(ReadClock())) != nil else { return nil }
        let sent = LabMoment.now
        guard let row = try? await pool.run(ReadClock()).first else { return nil }
        return ClockSample(sent: sent, database: DatabaseMoment(rawValue: row), received: .now)
    }

    /// How many instances run and how many have ended; nil while the database is away.
    func countInstances() async -> InstanceCounts? { (try? await pool.run(CountInstances()))?.first }

    func stop() async {
        await pool.shutdown()
        await cluster.withLock(\.self).stop()
    }

    private static func children(of process: pid_t) -> [pid_t] {
        let path = "/proc/\(process)/task/\(process)/children"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
}

private struct ReadClock: Statement {
    static let sql: SQLText = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint"
    static let rows = RowDecoder<Int64> { (moment: Int64) in moment }
}

struct InstanceCounts: Sendable {
    var running: Int64
    var ended: Int64
}

private struct CountInstances: Statement {
    static let sql: SQLText = """
        select (select count(*) from process_instance), (select count(*) from history_process_instance)
        """
    static let rows = RowDecoder<InstanceCounts> { (running: Int64, ended: Int64) in
        InstanceCounts(running: running, ended: ended)
    }
}
