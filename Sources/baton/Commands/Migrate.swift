import ArgumentParser
import EngineRuntime
import Logging
import Postgres

/// `baton migrate`: the schema, and nothing else.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the schema of a database up to date, and end.",
        discussion: """
            A node does this by itself when it starts. Use this command where nodes must not change the schema, or to \
            do it ahead of a new version. It is safe while nodes run and safe to repeat.

            Without --engine it does the default engine and those of BATON_ENGINES; with it, the named ones only, \
            default among them if you say so. A name whose database BATON_ENGINES tells means that database.

            Examples:
              baton migrate --database-url postgres://owner:secret@localhost/baton
              baton migrate --database-url postgres://owner:secret@localhost/baton --engine orders
            """
    )

    @OptionGroup(title: "Database") var database: DatabaseFlags
    @OptionGroup(title: "Engines") var engines: EngineFlags
    @OptionGroup(title: "Logging") var log: LogFlags

    func run() async throws {
        let reader = SettingReader(database, log)
        guard let databaseURL = try reader.databaseURL() else {
            throw ValidationError(
                "There is no database to migrate. Give one with --database-url or in BATON_DATABASE_URL."
            )
        }
        let entries = try entries(configured: try reader.engines())
        let logger = try LogSettings(from: reader).bootstrap()
        for entry in entries {
            let engine = Engine(
                configuration: .init(database: entry.database(besides: databaseURL), name: entry.name),
                logger: logger
            )
            let applied = try await explained { try await engine.migrate() }
            logger.info(
                "Database is up to date",
                metadata: ["engine": "\(entry.name)", "applied": "\(applied.count)"]
            )
        }
    }

    /// The engines that are named, or all when none is.
    private func entries(configured: [EngineEntry]) throws(SettingProblem) -> [EngineEntry] {
        guard !engines.engine.isEmpty else { return [EngineEntry(name: .default)] + configured }
        return try SettingReader(engines).engineEntries(EngineEntry.join(engines.engine)).map { entry in
            guard entry.databaseURL == nil else { return entry }
            return configured.first { $0.name == entry.name } ?? entry
        }
    }
}
