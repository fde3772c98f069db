@testable import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.serialized, .needsOwnServer) struct `A private cluster` {
    private func settings(_ name: String = "") -> PrivateCluster.Settings {
        var settings = PrivateCluster.Settings.disposable
        settings.directory += name
        return settings
    }

    private func connect(_ cluster: PrivateCluster, _ database: String) async throws -> Session {
        try await Session.connect(
            ConnectionSettings(cluster.databaseURL(database: database)),
            logger: TestServer.logger
        )
    }

    @Test func `keeps its data from one start to the next, also after a crash`() async throws {
        var settings = settings()
        settings.isRemovedAtEnd = false
        defer { try? FileManager.default.removeItem(atPath: settings.directory) }
        let first = try await PrivateCluster.start(settings, logger: TestServer.logger)
        try await first.createDatabase("kept")
        try await first.createDatabase("kept")
        let writer = try await connect(first, "kept")
        try await writer.run(CreateTable())
        try await writer.run(Insert(key: "a", numbers: [1]))
        await writer.close()
        await first.stop()
        #expect(!first.isRunning)

        // What a crash leaves behind: a lock that names a process which is another one by now.
        let lock = settings.directory + "/data/postmaster.pid"
        try "\(getppid())\n\(settings.directory)/data\n".write(toFile: lock, atomically: true, encoding: .utf8)
        let second = try await PrivateCluster.start(settings, logger: TestServer.logger)
        let reader = try await connect(second, "kept")
        #expect(try await reader.run(Numbers(key: "a")) == [1])
        await reader.close()
        await second.stop()
    }

    @Test func `that is killed leaves doubt about a statement, and certainty about an open transaction`() async throws {
        let cluster = try await PrivateCluster.start(settings(), logger: TestServer.logger)
        let alone = try await connect(cluster, "postgres")
        let inTransaction = try await connect(cluster, "postgres")
        let watcher = try await connect(cluster, "postgres")
        let processIDs = [
            try #require(try await alone.run(ProcessID()).first),
            try #require(try await inTransaction.run(ProcessID()).first),
        ]
        let first = Task { try await alone.run(Sleep(seconds: 60)) }
        let second = Task { try await inTransaction.transaction { _ = try await $0.run(Sleep(seconds: 60)) } }
        for processID in processIDs { try await watcher.whenWaiting(processID) }

        let lock = try String(contentsOfFile: cluster.settings.directory + "/data/postmaster.pid", encoding: .utf8)
        let server = try #require(lock.split(separator: "\n").first.flatMap { Int32($0) })
        kill(server, SIGQUIT)

        let doubtful = await #expect(throws: PostgresError.self) { try await first.value }
        #expect(doubtful?.isConnectionLoss == true)
        #expect(doubtful?.effect == .inDoubt)
        let certain = await #expect(throws: PostgresError.self) { try await second.value }
        #expect(certain?.isConnectionLoss == true)
        #expect(certain?.effect == .undone)
        for session in [alone, inTransaction, watcher] { await session.close() }
        await cluster.stop()
    }

    @Test func `does not say what was committed before it crashed`() async throws {
        // Given a transaction, which a server that has not crashed knows to be committed
        var settings = settings()
        settings.isRemovedAtEnd = false
        defer { try? FileManager.default.removeItem(atPath: settings.directory) }
        let first = try await PrivateCluster.start(settings, logger: TestServer.logger)
        let before = try await connect(first, "postgres")
        let number = try await before.transaction { try await $0.run(CurrentTransactionID()) }
        let transaction = try #require(number.first)
        let moment = PostgresTimestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        #expect(try await before.status(of: transaction, openAt: moment) == .committed)
        // when the server crashes and recovers
        kill(try #require(first.serverProcess), SIGQUIT)
        await before.close()
        await first.stop()
        let second = try await PrivateCluster.start(settings, logger: TestServer.logger)
        let after = try await connect(second, "postgres")
        // then the number may have been given again, and proves nothing: neither of then nor of now.
        let next = try await after.transaction { try await $0.run(CurrentTransactionID()) }
        let later = PostgresTimestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        #expect(try await after.status(of: transaction, openAt: moment) != .committed)
        #expect(try await after.status(of: try #require(next.first), openAt: later) == nil)
        await after.close()
        await second.stop()
    }

    @Test func `is found by a pool whose callers wait only shortly, however long it was away`() async throws {
        // Given a server that is away, and a pool whose callers give up after less than a pause between its tries
        var settings = settings()
        settings.isRemovedAtEnd = false
        defer { try? FileManager.default.removeItem(atPath: settings.directory) }
        let first = try await PrivateCluster.start(settings, logger: TestServer.logger)
        await first.stop()
        let limits = Pool.Limits(maximum: 1, acquireTimeout: .milliseconds(200))
        let pool = Pool(
            ConnectionSettings(first.databaseURL()),
            limits: limits,
            logger: TestServer.logger
        )
        for _ in 0..<20 {
            await #expect(throws: PostgresError.self) { try await pool.run(ProcessID()) }
        }
        // when the server comes back
        let second = try await PrivateCluster.start(settings, logger: TestServer.logger)
        // then one of the next callers gets a session, although none of them has the time for the whole pause.
        var tries = 0
        while tries < 100, (try? await pool.run(ProcessID())) == nil { tries += 1 }
        #expect(tries < 100)
        await pool.shutdown()
        await second.stop()
    }

    @Test func `says that another server uses its directory`() async throws {
        let settings = settings()
        let first = try await PrivateCluster.start(settings, logger: TestServer.logger)
        let error = await #expect(throws: PrivateClusterError.self) {
            try await PrivateCluster.start(settings, logger: TestServer.logger)
        }
        guard case .inUse(settings.directory, _) = error else {
            Issue.record("expected inUse, got \(String(describing: error))")
            return
        }
        #expect(first.isRunning)
        await first.stop()
        #expect(!FileManager.default.fileExists(atPath: settings.directory))
    }

    @Test func `works in a directory whose name is too long for a socket`() async throws {
        let settings = settings("-" + String(repeating: "long", count: 30))
        let cluster = try await PrivateCluster.start(settings, logger: TestServer.logger)
        let session = try await connect(cluster, "postgres")
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
        await cluster.stop()
    }

    @Test func `takes no connections but through its socket`() async throws {
        let cluster = try await PrivateCluster.start(settings(), logger: TestServer.logger)
        let session = try await connect(cluster, "postgres")
        #expect(try await session.run(Setting(name: "listen_addresses")) == [""])
        #expect(try await session.run(Setting(name: "fsync")) == ["off"])
        let attributes = try FileManager.default.attributesOfItem(atPath: cluster.settings.directory)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        await session.close()
        await cluster.stop()
    }

    @Test func `says what to install when there is no server`() async throws {
        var settings = settings()
        settings.binaryDirectory = "/nowhere"
        let error = await #expect(throws: PrivateClusterError.self) {
            try await PrivateCluster.start(settings, logger: TestServer.logger)
        }
        #expect(error == .serverNotInstalled(searched: ["/nowhere"]))
        #expect(error?.description.contains("apt-get install postgresql") == true)
    }

    @Test func `says so when its data is of a version that is not installed`() async throws {
        let directory = "/tmp/baton-test-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory + "/data", withIntermediateDirectories: true)
        try "9\n".write(toFile: directory + "/data/PG_VERSION", atomically: true, encoding: .utf8)
        let error = await #expect(throws: PrivateClusterError.self) {
            try await PrivateCluster.start(.init(directory: directory), logger: TestServer.logger)
        }
        guard case .versionNotInstalled("9", _) = error else {
            Issue.record("expected versionNotInstalled, got \(String(describing: error))")
            return
        }
    }
}
