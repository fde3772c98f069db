import ArgumentParser
import EngineRuntime
import Logging
import Postgres

/// Where users are: in the database of an engine.
struct UserPlaceFlags: ParsableArguments {
    @OptionGroup var database: DatabaseFlags
    @Option(help: "The engine whose users are meant; BATON_ENGINES tells its database. (default: default)")
    var engine: String?

    /// Calls `body` with an engine that does not run, on a database that is up to date.
    ///
    /// - Throws: `ValidationError` without a database, ``CommandFailure`` when it cannot be used; what `body` throws.
    func withEngine(_ body: (Engine) async throws -> Void) async throws {
        let reader = SettingReader(database)
        guard let databaseURL = try reader.databaseURL() else {
            throw ValidationError("There is no database. Give one with --database-url or in BATON_DATABASE_URL.")
        }
        let entry = try entry(configured: try reader.engines())
        let logger = LogSettings(level: .warning, format: .text).bootstrap()
        var configuration = Engine.Configuration(database: entry.database(besides: databaseURL), name: entry.name)
        configuration.poolSize = 1
        let engine = Engine(configuration: configuration, logger: logger)
        try await explained {
            try await engine.migrate()
            do {
                try await body(engine)
            } catch {
                await engine.pool.shutdown()
                throw error
            }
            await engine.pool.shutdown()
        }
    }

    private func entry(configured: [EngineEntry]) throws -> EngineEntry {
        guard let engine else { return EngineEntry(name: .default) }
        guard let name = EngineName(engine) else {
            throw ValidationError("--engine \(EngineName.rule), but is “\(engine)”.")
        }
        return configured.first { $0.name == name } ?? EngineEntry(name: name)
    }
}
