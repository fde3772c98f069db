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

            Example:
              baton migrate --database-url postgres://owner:secret@localhost/baton
            """
    )

    @OptionGroup(title: "Database") var database: DatabaseFlags
    @OptionGroup(title: "Logging") var log: LogFlags

    func run() async throws {
        let reader = SettingReader(database, log)
        guard let databaseURL = try reader.databaseURL() else {
            throw ValidationError(
                "There is no database to migrate. Give one with --database-url or in BATON_DATABASE_URL."
            )
        }
        let logger = try LogSettings(from: reader).bootstrap()
        let engine = Engine(
            configuration: .init(database: .init(databaseURL, applicationName: "baton")),
            logger: logger
        )
        let applied = try await explained { try await engine.migrate() }
        logger.info("Database is up to date", metadata: ["applied": "\(applied.count)"])
    }
}
