import EmbeddedPostgres
import Logging

/// A PostgreSQL of our own for the time that something needs it.
enum PrivateDatabase {
    /// The name of the database in the cluster.
    static let name = "baton"

    /// Starts the cluster in a directory (or makes one there), hands over the address of its database, and stops the
    /// cluster when `body` has ended, also by an error or by cancellation.
    ///
    /// - Parameters:
    ///   - directory: Where the cluster lives.
    ///   - isRemovedAtEnd: Whether nothing of it stays.
    ///   - logger: Hears of the start and the end.
    ///   - body: What needs the database.
    /// - Throws: `PrivateClusterError` when the cluster cannot be started; what `body` throws.
    static func withDatabase(
        in directory: String,
        isRemovedAtEnd: Bool = false,
        logger: Logger,
        _ body: (_ url: String) async throws -> Void
    ) async throws {
        var settings = PrivateCluster.Settings(directory: directory)
        settings.isRemovedAtEnd = isRemovedAtEnd
        settings.maximumConnections = 500
        let cluster = try await PrivateCluster.start(settings, logger: logger)
        do {
            try await cluster.createDatabase(name)
            try await body(cluster.databaseURL(database: name))
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }
}
