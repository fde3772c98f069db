import EngineRuntime
import Postgres
package import Testing

extension DatabaseTemplate {
    /// The schema that this build's migrations make, with nothing in it.
    package static let migrated = DatabaseTemplate(name: "migrated") { settings in
        let session = try await Session.connect(settings, logger: TestServer.logger)
        do {
            try await Migrator(logger: TestServer.logger).migrate(session)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }
}

extension Trait where Self == DatabaseTrait {
    /// A migrated database for this suite alone.
    package static var database: Self { .database(.migrated) }
}
