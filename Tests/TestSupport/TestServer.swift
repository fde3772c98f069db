import Dispatch
import EmbeddedPostgres
import Foundation
package import Logging
package import Postgres

/// The database server that the tests of one process share: the one that `BATON_TEST_DATABASE_URL` names, or a
/// disposable one of our own that ends with the process.
package actor TestServer {
    /// The server of this process.
    package static let shared = TestServer()

    /// A logger that says nothing.
    package static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private var starting: Task<ConnectionSettings, any Error>?
    private var templates: [String: Task<SQLIdentifier, any Error>] = [:]
    private var removesTemplates = false
    /// Keeps the server alive until the process ends.
    private var cluster: PrivateCluster?

    /// How to connect to the server's own database, which is for creating others.
    package func settings() async throws -> ConnectionSettings {
        if let starting { return try await starting.value }
        // Awaited by whoever asks for the settings, now or later.
        let task = Task { try await start() }
        starting = task
        return try await task.value
    }

    /// The address of the server that the tests are to use; nil when they start one.
    package static var givenURL: String? {
        let url = ProcessInfo.processInfo.environment["BATON_TEST_DATABASE_URL"]
        return url?.isEmpty == false ? url : nil
    }

    private func start() async throws -> ConnectionSettings {
        if let url = Self.givenURL {
            return ConnectionSettings(url, applicationName: "tests")
        }
        var settings = PrivateCluster.Settings.disposable
        settings.maximumConnections = 300
        let cluster = try await PrivateCluster.start(settings, logger: Self.logger)
        self.cluster = cluster
        return ConnectionSettings(cluster.databaseURL(), applicationName: "tests")
    }

    /// Creates a database that is a copy of the template, which is made when it is asked for the first time.
    package func createDatabase(from template: DatabaseTemplate) async throws -> ConnectionSettings {
        let source = try await name(of: template)
        return try await create(copying: source, prefix: "test")
    }

    /// Removes a database that ``createDatabase(from:)`` made, and ends the sessions on it.
    package func drop(_ database: ConnectionSettings) async throws {
        guard let name = database.database.flatMap(SQLIdentifier.init) else { return }
        var query = DynamicQuery("DropDatabase")
        query.append("drop database if exists ", identifier: name, " with (force)")
        try await runAlone(query)
    }

    /// Makes sure that templates do not stay on a server that stays.
    ///
    /// Databases of suites are removed with them. Call it after the first connection: what libraries put down at the end
    /// of the process, the encryption of connections among them, is put down before what they found there.
    private func removeTemplatesAtExit() {
        guard Self.givenURL != nil, !removesTemplates else { return }
        removesTemplates = true
        atexit {
            let done = DispatchSemaphore(value: 0)
            // Awaited right below, where nothing can be awaited any more.
            Task.detached {
                await TestServer.shared.dropTemplates()
                done.signal()
            }
            _ = done.wait(timeout: .now() + 10)
        }
    }

    private func dropTemplates() async {
        for making in templates.values {
            guard let name = try? await making.value, var settings = try? await settings() else { continue }
            settings.database = name.name
            try? await drop(settings)
        }
    }

    private func name(of template: DatabaseTemplate) async throws -> SQLIdentifier {
        if let making = templates[template.name] { return try await making.value }
        // Awaited by whoever asks for the template, now or later.
        let task = Task {
            let settings = try await create(copying: nil, prefix: "template_\(template.name)")
            removeTemplatesAtExit()
            try await template.prepare(settings)
            guard let name = settings.database.flatMap(SQLIdentifier.init) else { throw CancellationError() }
            return name
        }
        templates[template.name] = task
        return try await task.value
    }

    private func create(copying source: SQLIdentifier?, prefix: String) async throws -> ConnectionSettings {
        let name = "\(prefix)_\(UInt64.random(in: .min ... .max))"
        guard let identifier = SQLIdentifier(name) else { throw CancellationError() }
        var query = DynamicQuery("CreateDatabase")
        query.append("create database ", identifier: identifier)
        if let source { query.append(" template ", identifier: source) }
        try await runAlone(query)
        var settings = try await settings()
        settings.database = name
        return settings
    }

    private func runAlone(_ query: DynamicQuery) async throws {
        let session = try await Session.connect(try await settings(), logger: Self.logger)
        do {
            try await session.run(query)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }
}
