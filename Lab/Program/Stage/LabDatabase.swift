import EmbeddedPostgres
import Foundation
import LabChecker
import Postgres
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

    /// Starts a durable server in a directory and, when wanted, a second one that follows it.
    ///
    /// They listen on `addresses`, one each, besides their sockets.
    init(directory: String, hasStandby: Bool, addresses: [String]) async throws {
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
            if !addresses.isEmpty { settings.parameters["listen_addresses"] = addresses[index] }
            return settings
        }
        let primary = try await PrivateCluster.start(settings(0), logger: BatonLab.logger)
        try await primary.createDatabase(Self.name)
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

    private var primary: PrivateCluster { state.withLock(\.primary) }

    /// Where the primary's socket is.
    var socketDirectory: String { primary.socketDirectory }

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
        try await administer(next) { session in
            try await session.run(Promote())
            // Until there is a new standby, nobody can confirm.
            try await session.run(TrustAlone())
            try await session.run(Reload())
        }
        state.withLock { $0 = State(primary: next, standby: nil) }
        try takenOver()
        try FileManager.default.removeItem(atPath: old.settings.directory)
        let standby = try await next.startStandby(old.settings)
        state.withLock { $0.standby = standby }
        try await waitForStandby()
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
        await standby?.stop()
        await primary.stop()
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
}

private struct CountInstances: Statement {
    static let sql: SQLText = """
        select (select count(*) from process_instance), (select count(*) from history_process_instance)
        """
    static let rows = RowDecoder<InstanceCounts> { (running: Int64, ended: Int64) in
        InstanceCounts(running: running, ended: ended)
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
