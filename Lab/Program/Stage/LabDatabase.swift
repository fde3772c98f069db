import EmbeddedPostgres
import Foundation
import LabChecker
import Postgres
import Processes
import Synchronization

/// The lab's database server, which can be crashed and comes back, or whose place a standby takes.
final class LabDatabase: Sendable {
    static let name = "baton"

    private struct State {
        var primary: PrivateCluster
        /// Confirms every commit before it is acknowledged.
        var standby: PrivateCluster?
    }

    private let state: Mutex<State>
    /// Leads to the primary, whichever that is.
    let url: String
    /// The same from another network; nil when the servers are not to be found there.
    let remoteURL: String?
    /// The lab's own connections, to look at what there is.
    let pool: Pool
    /// What lies between primary and standby.
    private let replication: Proxy?
    /// Where the servers keep their data; empty when that is the machine's disk.
    private let disks: [SmallDisk]

    /// The sizes of a small disk and of the log on it, in megabytes.
    private static let diskSize = 1_536
    private static let logSize = 192

    /// How the stage is set.
    struct Settings {
        var directory: String
        /// Whether a second server follows the first one.
        var hasStandby: Bool
        /// Where the servers listen, one each, besides their sockets.
        var addresses: [String]
        var hasSmallDisks: Bool
    }

    /// Starts a durable server and, when wanted, a second one that follows it.
    init(_ stage: Settings) async throws {
        let (directory, hasStandby, addresses) = (stage.directory, stage.hasStandby, stage.addresses)
        var disks: [SmallDisk] = []
        if stage.hasSmallDisks {
            for number in 1...(hasStandby ? 2 : 1) {
                disks.append(try await SmallDisk(path: directory + "/database-\(number)", megabytes: Self.diskSize))
            }
        }
        self.disks = disks
        // Which server is the primary is known later, and changes.
        let leading = Signpost()
        self.leading = leading
        replication =
            hasStandby
            ? try Proxy(port: try FreePort.find(1)[0]) { .socket(path: leading.socket) } : nil
        let replicationPort = replication?.port
        var access = "local all all trust\nlocal replication all trust\n"
        for address in addresses { access += "host all all \(address)/24 trust\n" }
        let accessFile = directory + "/pg_hba.conf"
        try access.write(toFile: accessFile, atomically: true, encoding: .utf8)
        func settings(_ index: Int) -> PrivateCluster.Settings {
            var settings = PrivateCluster.Settings(directory: directory + "/database-\(index + 1)")
            settings.maximumConnections = 200
            settings.parameters = [
                "shared_buffers": "128MB", "max_wal_size": "2GB", "wal_retrieve_retry_interval": "500ms",
                "hba_file": accessFile,
            ]
            if !disks.isEmpty { settings.parameters["max_wal_size"] = "\(Self.logSize)MB" }
            if let replicationPort {
                settings.parameters["primary_conninfo"] = "host=127.0.0.1 port=\(replicationPort) user=postgres"
            }
            if !addresses.isEmpty { settings.parameters["listen_addresses"] = addresses[index] }
            return settings
        }
        let primary = try await PrivateCluster.start(settings(0), logger: BatonLab.logger)
        try await primary.createDatabase(Self.name)
        leading.point(to: primary)
        let standby = hasStandby ? try await primary.startStandby(settings(1)) : nil
        state = Mutex(State(primary: primary, standby: standby))

        let servers = [primary, standby].compactMap(\.self)
        func url(_ hosts: [String]) -> String {
            let ports = hosts.map { _ in "5432" }.joined(separator: ",")
            return "host='\(hosts.joined(separator: ","))' port='\(ports)' user='postgres' dbname='\(Self.name)' "
                + "target_session_attrs='read-write' connect_timeout='3'"
        }
        self.url = url(servers.map(\.socketDirectory))
        remoteURL = addresses.isEmpty ? nil : url(Array(addresses.prefix(servers.count)))
        var connection = ConnectionSettings(self.url, applicationName: "lab")
        connection.statementTimeout = .seconds(600)
        connection.operationTimeout = .seconds(600)
        pool = Pool(connection, limits: Pool.Limits(maximum: 3), logger: BatonLab.logger)
        if hasStandby { try await waitForStandby() }
    }

    /// Where the primary is, for the standby.
    private let leading: Signpost

    /// Leads to whichever server is the primary.
    private final class Signpost: Sendable {
        private let directory = Mutex("")

        var socket: String { directory.withLock(\.self) + "/.s.PGSQL.5432" }

        func point(to server: PrivateCluster) { directory.withLock { $0 = server.socketDirectory } }
    }

    private var primary: PrivateCluster { state.withLock(\.primary) }

    /// Where the primary's socket is.
    var socketDirectory: String { primary.socketDirectory }

    /// What a node needs to connect through something in between.
    func url(behind proxy: Proxy) -> String {
        "host='127.0.0.1' port='\(proxy.port)' user='postgres' dbname='\(Self.name)' "
            + "target_session_attrs='read-write' connect_timeout='3'"
    }

    /// What `pg_ctl restart -m immediate` does: no checkpoint, no farewell, recovery from the log at the start.
    func crash(downFor pause: Duration) async throws {
        let primary = primary
        await end(primary)
        try? await Task.sleep(for: pause)
        let next = try await PrivateCluster.start(primary.settings, logger: BatonLab.logger)
        state.withLock { $0.primary = next }
    }

    /// The primary is gone for good; the standby takes over, and a new one is made of it.
    ///
    /// Does nothing without a standby.
    func failOver(_ takenOver: () throws -> Void) async throws {
        let old = primary
        guard let next = state.withLock(\.standby) else { return }
        await end(old)
        // What is on its way is lost with it.
        replication?.cut()
        leading.point(to: next)
        try await administer(next) { session in
            try await session.run(Promote())
            // Until there is a new standby, nobody can confirm.
            try await session.run(TrustAlone())
            try await session.run(Reload())
        }
        state.withLock { $0 = State(primary: next, standby: nil) }
        try takenOver()
        healStandby()
        for name in try FileManager.default.contentsOfDirectory(atPath: old.settings.directory) {
            try FileManager.default.removeItem(atPath: old.settings.directory + "/" + name)
        }
        let standby = try await next.startStandby(old.settings)
        state.withLock { $0.standby = standby }
        try await waitForStandby()
    }

    /// What `pg_ctl restart -m fast` does: open transactions are ended, and nothing needs recovery.
    func restart(downFor pause: Duration) async throws {
        let primary = primary
        await primary.stop()
        try? await Task.sleep(for: pause)
        let next = try await PrivateCluster.start(primary.settings, logger: BatonLab.logger)
        state.withLock { $0.primary = next }
    }

    /// The standby hears nothing from now on, so that no commit is confirmed.
    func cutStandby() { replication?.set(.still) }

    func healStandby() { replication?.set(.fair) }

    /// Leaves the primary no room on its disk for a while; starts it again when it ended for that.
    func fillDisk(for duration: Duration) async throws {
        guard let disk = disks.first(where: { $0.path == primary.settings.directory }) else { return }
        try disk.fill()
        try? await Task.sleep(for: duration)
        disk.free()
        try? await Task.sleep(for: .seconds(1))
        guard !primary.isRunning else { return }
        let next = try await PrivateCluster.start(primary.settings, logger: BatonLab.logger)
        state.withLock { $0.primary = next }
    }

    /// Ends some sessions of others.
    func terminateSessions(_ count: Int64) async { _ = try? await pool.run(TerminateSessions(count: count)) }

    /// Runs what careless people do, as far as the database lets it.
    func suffer(_ script: SQLScript) async {
        _ = try? await pool.withSession { session in try await session.run(script) }
    }

    /// Kills one of the processes that serve connections; the server then ends all of them and recovers.
    func killBackend(_ dice: inout Dice) -> Bool {
        guard let server = primary.serverProcess else { return false }
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
        let (primary, standby) = state.withLock { ($0.primary, $0.standby) }
        healStandby()
        await standby?.stop()
        await primary.stop()
        for disk in disks { await disk.remove() }
    }

    private func end(_ cluster: PrivateCluster) async {
        if let process = cluster.serverProcess { _ = kill(process, SIGQUIT) }
        await cluster.stop()
    }

    /// Waits until the standby has everything, and has every commit wait for it from then on.
    private func waitForStandby() async throws {
        try await administer(primary) { session in
            try await session.run(TrustStandby())
            try await session.run(Reload())
            let deadline = ContinuousClock.now + .seconds(60)
            while try await session.run(CountConfirming()).first != 1 {
                guard ContinuousClock.now < deadline else { throw LabFailure("The standby does not follow.") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func administer(_ cluster: PrivateCluster, _ body: (Session) async throws -> Void) async throws {
        let session = try await Session.connect(ConnectionSettings(cluster.databaseURL()), logger: BatonLab.logger)
        do {
            try await body(session)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
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
    /// Signals that not all have yet, and jobs that will be tried.
    var pending: Int64
}

private struct CountInstances: Statement {
    static let sql: SQLText = """
        select (select count(*) from process_instance), (select count(*) from history_process_instance),
            (select count(*) from thrown_signal) + (select count(*) from batch_job where retries > 0 and kind < 2)
        """
    static let rows = RowDecoder<InstanceCounts> { (running: Int64, ended: Int64, pending: Int64) in
        InstanceCounts(running: running, ended: ended, pending: pending)
    }
}

private struct Promote: Statement {
    static let sql: SQLText = "select pg_promote(true, 30)"
    static let rows = RowDecoder<Bool> { (isDone: Bool) in isDone }
}

private struct TrustAlone: Statement {
    static let sql: SQLText = "alter system reset synchronous_standby_names"
}

private struct TrustStandby: Statement {
    static let sql: SQLText = "alter system set synchronous_standby_names = '*'"
}

private struct Reload: Statement {
    static let sql: SQLText = "select pg_reload_conf()"
    static let rows = RowDecoder<Bool> { (isDone: Bool) in isDone }
}

private struct CountConfirming: Statement {
    static let sql: SQLText = """
        select count(*) from pg_stat_replication where state = 'streaming' and sync_state in ('sync', 'quorum')
        """
    static let rows = RowDecoder<Int64> { (count: Int64) in count }
}
