import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `baton dev`: a private PostgreSQL and several nodes.
struct Dev: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a private PostgreSQL and several nodes on this machine.",
        discussion: """
            Creates a PostgreSQL cluster in the data directory (or uses the one that is there), starts the nodes as \
            processes of their own on consecutive ports, and prints what to try. With a database configured, that one \
            is used and no PostgreSQL is started.

            Ctrl-C ends everything that was started. A node that dies is started again after a second, so that you \
            can kill one and watch the others take over; a node that dies before it was ever ready ends the whole. If \
            this process is killed, its children end by themselves.

            Examples:
              baton dev
              baton dev --nodes 3 --port 9000 --data-directory /tmp/baton
              baton dev --jobs off --log-level debug
              baton dev --engine orders --engine billing
            """
    )

    @OptionGroup(title: "Development") var development: DevelopmentFlags
    @OptionGroup(title: "Database") var database: DatabaseFlags
    @OptionGroup(title: "Engines") var engines: EngineFlags
    @OptionGroup(title: "Nodes") var node: NodeFlags
    @OptionGroup(title: "Access") var access: AccessFlags
    @OptionGroup(title: "Logging") var log: LogFlags

    func run() async throws {
        let reader = SettingReader(development, database, engines, node, access, log)
        let settings = try NodeSettings(from: reader)
        let count = try reader.integer(.nodes, in: 1...32)
        guard settings.port > 0, settings.port + count - 1 <= 65535 else {
            throw reader.problem(.port, "must leave room for \(count) ports up to 65535")
        }
        let logSettings = try LogSettings(from: reader)
        let logger = logSettings.bootstrap()
        let server = DevelopmentServer(
            database: settings.databaseURL.map(DevelopmentServer.Database.configured)
                ?? .private(directory: reader.text(.dataDirectory) ?? ""),
            ports: Array(settings.port..<(settings.port + count)),
            host: settings.host,
            engines: settings.engines,
            isSecure: settings.tls != nil,
            asksWhoCalls: settings.access.isOn,
            nodeArguments: node.arguments(without: [.host, .port]) + access.arguments(without: []) + [
                Setting.logLevel.flag, logSettings.level.rawValue, Setting.logFormat.flag, logSettings.format.rawValue,
            ],
            drain: .seconds(settings.drainSeconds ?? 0),
            logFormat: logSettings.format,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}

extension SettingFlags {
    /// The flags that were given, as a command line for another process.
    func arguments(without left: Set<Setting>) -> [String] {
        flags.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { setting, text in
            guard let text, !left.contains(setting) else { return [String]() }
            return [setting.flag, text]
        }
    }
}
