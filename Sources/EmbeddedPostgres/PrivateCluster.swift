import Foundation
package import Logging

/// A PostgreSQL server of our own: it belongs to this process, speaks through a socket in a private folder only, and
/// is stopped when this process ends, in whatever way.
package final class PrivateCluster: Sendable {
    /// What kind of server to run.
    package struct Settings: Sendable, Hashable {
        /// Where data, socket and log are kept; made when it does not exist.
        package var directory: String
        /// The most connections at any time.
        package var maximumConnections = 100
        /// Whether acknowledged commits survive a crash.
        ///
        /// Off is faster, and for tests.
        package var isDurable = true
        /// Whether the whole directory is removed when the server ends.
        package var isRemovedAtEnd = false
        /// Further settings of the server.
        package var parameters: [String: String] = [:]
        /// Where the server's programs are; nil looks on the search path and in the usual places.
        package var binaryDirectory: String?
        /// How long the server may take to be ready, recovery after a crash included.
        package var startTimeout = Duration.seconds(60)

        /// A durable server in this directory.
        package init(directory: String) {
            self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        }

        /// A fast server whose data is worth nothing, in a temporary directory that is removed at the end.
        package static var disposable: Settings {
            var settings = Settings(directory: "/tmp/baton-test-\(UUID().uuidString.prefix(8).lowercased())")
            settings.isDurable = false
            settings.isRemovedAtEnd = true
            return settings
        }
    }

    /// How long a server that is ending on the same data is waited for.
    static let patience = Duration.seconds(10)
    /// How long a server that shows no sign of ending is waited for; its owner may have died a moment ago.
    static let patienceWithTheLiving = Duration.seconds(2)
    private static let port = 5432
    /// The database's superuser, and the only one.
    private static let role = "postgres"

    package let settings: Settings
    private let directory: ClusterDirectory
    private let binaries: ServerBinaries
    private let user: ServerUser
    private let process: ServerProcess
    private let logger: Logger

    /// Whether a server is installed here that can be started.
    package static var isInstalled: Bool {
        get async { await (try? ServerBinaries.find(in: nil, version: nil)) != nil }
    }

    /// Starts a server, after making its data directory if there is none, and waits until it takes connections.
    ///
    /// - Throws: When no server is installed, when another one uses the directory, or when it does not start.
    package static func start(
        _ settings: Settings,
        logger: Logger
    ) async throws(PrivateClusterError) -> PrivateCluster {
        let directory = ClusterDirectory(path: settings.directory)
        let user = try ServerUser.current()
        let binaries = try await ServerBinaries.find(in: settings.binaryDirectory, version: directory.version)
        try await prepare(directory, for: user)
        try await waitUntilUnused(directory)
        if directory.version == nil {
            try await initialize(directory, with: binaries, as: user, isDurable: settings.isDurable)
        }
        directory.removeStaleLock()
        let process = try launch(settings, directory, binaries, user)
        let cluster = PrivateCluster(settings, directory, binaries, user, process, logger)
        do throws(PrivateClusterError) {
            try await cluster.waitUntilReady()
        } catch {
            await process.stop()
            throw error
        }
        logger.info("Private database server started", metadata: ["directory": "\(settings.directory)"])
        return cluster
    }

    private init(
        _ settings: Settings,
        _ directory: ClusterDirectory,
        _ binaries: ServerBinaries,
        _ user: ServerUser,
        _ process: ServerProcess,
        _ logger: Logger
    ) {
        self.settings = settings
        self.directory = directory
        self.binaries = binaries
        self.user = user
        self.process = process
        self.logger = logger
    }

    /// What libpq needs to connect to a database of this server.
    package func databaseURL(database: String = "postgres") -> String {
        [("host", directory.socket), ("port", "\(Self.port)"), ("user", Self.role), ("dbname", database)]
            .map { "\($0)='\($1.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'" }
            .joined(separator: " ")
    }

    /// Creates a database, unless it exists.
    package func createDatabase(_ name: String) async throws(PrivateClusterError) {
        let output: Command.Output
        do {
            output = try await user.command(
                binaries.createdb,
                ["--host", directory.socket, "--port", "\(Self.port)", "--username", Self.role, "--", name]
            ).output()
        } catch {
            throw .databaseNotCreated(name: name, reason: "\(error)")
        }
        guard output.status == 0 || output.text.contains("already exists") else {
            throw .databaseNotCreated(name: name, reason: output.text)
        }
    }

    /// Where the programs are that belong to this server's version: `pgbench`, `pg_ctl`, `psql` and others.
    package var programs: String { binaries.directory }

    /// The folder of the socket, which libpq takes for a host.
    package var socketDirectory: String { directory.socket }

    /// The server's own process, the parent of its backends; nil when it has ended.
    package var serverProcess: Int32? { directory.runningServer }

    /// Whether the server has not ended.
    package var isRunning: Bool { process.isRunning }

    /// Copies this server to another directory, which must hold no data, and starts the copy as its standby.
    package func startStandby(_ settings: Settings) async throws(PrivateClusterError) -> PrivateCluster {
        let copy = ClusterDirectory(path: settings.directory)
        try await Self.prepare(copy, for: user)
        let output: Command.Output
        do {
            output = try await user.command(
                binaries.directory + "/pg_basebackup",
                [
                    "--pgdata", copy.data, "--host", directory.socket, "--port", "\(Self.port)",
                    "--username", Self.role, "--checkpoint", "fast", "--write-recovery-conf",
                ]
            ).output()
        } catch {
            throw .initializationFailed("\(error)")
        }
        guard output.status == 0 else { throw .initializationFailed(output.text) }
        return try await Self.start(settings, logger: logger)
    }

    /// Ends all connections, stops the server and waits for its end.
    package func stop() async {
        await process.stop()
        logger.info("Private database server stopped", metadata: ["directory": "\(settings.directory)"])
    }
}

extension PrivateCluster {
    private static func prepare(_ directory: ClusterDirectory, for user: ServerUser) async throws(PrivateClusterError) {
        try user.makeDirectory(directory.path)
        try user.makeDirectory(directory.socket)
        let probe = try? await user.command("/bin/sh", ["-c", "cd -- \"$1\" && test -w .", "probe", directory.path])
            .output()
        guard probe?.status == 0 else {
            throw .directoryUnusable(
                path: directory.path,
                reason: "the user that the server runs as may not enter or change it"
            )
        }
    }

    private static func waitUntilUnused(_ directory: ClusterDirectory) async throws(PrivateClusterError) {
        let start = ContinuousClock.now
        while let processID = directory.runningServer {
            let patience = directory.isReady ? patienceWithTheLiving : patience
            guard ContinuousClock.now - start < patience, !Task.isCancelled else {
                throw .inUse(directory: directory.path, processID: processID)
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Makes the data in a folder beside the final one, so that a half-made one is never taken for whole.
    private static func initialize(
        _ directory: ClusterDirectory,
        with binaries: ServerBinaries,
        as user: ServerUser,
        isDurable: Bool
    ) async throws(PrivateClusterError) {
        let unfinished = directory.data + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        var arguments = [
            "--pgdata", unfinished, "--username", role, "--encoding", "UTF8", "--locale", "C",
            "--auth-local", "trust", "--auth-host", "reject",
        ]
        #if os(Linux)
        arguments += ["--lc-ctype", "C.UTF-8"]
        #endif
        arguments.append(isDurable ? "--data-checksums" : "--no-sync")
        do {
            let output = try await user.command(binaries.initdb, arguments).output()
            guard output.status == 0 else { throw PrivateClusterError.initializationFailed(output.text) }
            if FileManager.default.fileExists(atPath: directory.data) {
                // Only an empty folder may be in the way: data has a version.
                guard try FileManager.default.contentsOfDirectory(atPath: directory.data).isEmpty else {
                    throw PrivateClusterError.directoryUnusable(
                        path: directory.data,
                        reason: "it holds files that are not a database"
                    )
                }
                try FileManager.default.removeItem(atPath: directory.data)
            }
            try FileManager.default.moveItem(atPath: unfinished, toPath: directory.data)
        } catch let error as PrivateClusterError {
            throw error
        } catch {
            throw .initializationFailed("\(error)")
        }
    }

    private static func launch(
        _ settings: Settings,
        _ directory: ClusterDirectory,
        _ binaries: ServerBinaries,
        _ user: ServerUser
    ) throws(PrivateClusterError) -> ServerProcess {
        var parameters = [
            "listen_addresses": "", "unix_socket_directories": directory.socket, "port": "\(port)",
            "unix_socket_permissions": "0700", "max_connections": "\(settings.maximumConnections)",
            "logging_collector": "off", "log_destination": "stderr",
        ]
        if !settings.isDurable {
            for name in ["fsync", "synchronous_commit", "full_page_writes"] { parameters[name] = "off" }
        }
        parameters.merge(settings.parameters) { _, explicit in explicit }
        let options = parameters.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        do {
            _ = FileManager.default.createFile(
                atPath: directory.log,
                contents: nil,
                attributes: [.posixPermissions: 0o600]
            )
            try user.own(directory.log)
            let log = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.log))
            defer { try? log.close() }
            return try ServerProcess(
                binaries.postgres,
                ["-D", directory.data] + options,
                as: user,
                log: log,
                removingAtEnd: settings.isRemovedAtEnd ? directory.path : nil,
                ifEmpty: directory.socket.hasPrefix(directory.path + "/") ? nil : directory.socket
            )
        } catch let error as PrivateClusterError {
            throw error
        } catch {
            throw .startFailed("\(error)")
        }
    }

    private func waitUntilReady() async throws(PrivateClusterError) {
        let deadline = ContinuousClock.now.advanced(by: settings.startTimeout)
        while !directory.isReady {
            guard process.isRunning, ContinuousClock.now < deadline, !Task.isCancelled else {
                throw .startFailed(directory.logTail)
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
