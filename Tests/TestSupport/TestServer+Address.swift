import EmbeddedPostgres
import Foundation
package import Testing
import Postgres

extension TestServer {
    /// Calls `body` with the address of an empty database, for programs that are to work on it; it is removed afterwards.
    package static func withAddress(_ body: (_ url: String) async throws -> Void) async throws {
        let settings = try await shared.createDatabase(from: .empty)
        do {
            try await body(settings.address)
        } catch {
            try? await shared.drop(settings)
            throw error
        }
        try await shared.drop(settings)
    }
}

extension ConnectionSettings {
    /// ``conninfo`` with ``database`` in it.
    fileprivate var address: String {
        guard let database else { return conninfo }
        guard conninfo.hasPrefix("postgres://") || conninfo.hasPrefix("postgresql://"),
            var parts = URLComponents(string: conninfo)
        else { return "\(conninfo) dbname=\(database)" }
        parts.path = "/\(database)"
        return parts.string ?? conninfo
    }
}

extension Trait where Self == ConditionTrait {
    /// For what must stop and start its server, which it cannot do with the one that the tests are given: it needs one
    /// of its own, which is left out when none is installed here.
    package static var needsOwnServer: Self {
        .enabled("BATON_TEST_DATABASE_URL is set, and no PostgreSQL server is installed here to be stopped and started")
        {
            if TestServer.givenURL == nil { return true }
            return await PrivateCluster.isInstalled
        }
    }
}
