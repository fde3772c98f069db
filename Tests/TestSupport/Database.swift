package import Postgres
package import Testing

/// The database that a suite has to itself.
package struct Database: Sendable {
    /// How to connect to it.
    package let settings: ConnectionSettings
    /// Sessions on it, shared by the tests of the suite.
    package let pool: Pool

    /// The database of the suite that is running.
    ///
    /// The suite needs the trait `.database(…)`.
    package static var current: Database {
        guard let scoped else { preconditionFailure("The suite has no trait .database(…).") }
        return scoped
    }

    @TaskLocal static var scoped: Database?

    /// Calls `body` with a fresh copy of the template, which is removed afterwards.
    package static func with(
        _ template: DatabaseTemplate,
        _ body: @Sendable (Database) async throws -> Void
    ) async throws {
        let settings = try await TestServer.shared.createDatabase(from: template)
        let pool = Pool(settings, limits: Pool.Limits(maximum: 20), logger: TestServer.logger)
        do {
            try await body(Database(settings: settings, pool: pool))
        } catch {
            await pool.shutdown()
            try? await TestServer.shared.drop(settings)
            throw error
        }
        await pool.shutdown()
        try await TestServer.shared.drop(settings)
    }

    /// A session of its own on this database; the caller closes it.
    package func connect() async throws -> Session {
        try await Session.connect(settings, logger: TestServer.logger)
    }

    /// What the database makes of a statement.
    package func describe<S: Statement>(_ statement: S.Type) async throws -> StatementDescription {
        try await pool.withSession { session in try await session.describe(statement) }
    }
}

/// Gives a suite, or a single test, a fresh copy of a template as ``Database/current``.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    let template: DatabaseTemplate

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Database.with(template) { database in
            try await Database.$scoped.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    /// A copy of `template` for this suite alone.
    package static func database(_ template: DatabaseTemplate) -> Self { DatabaseTrait(template: template) }
}
