import EngineRuntime
import Logging
import Postgres

/// Gives databases time to be there when a node starts: where machines or containers start all at once, a database is
/// often the last to be ready.
struct DatabaseWait {
    /// How long databases may be unreachable; zero to try once.
    var patience: Duration
    var logger: Logger

    /// Does something that needs the databases, again and again while they cannot be reached.
    ///
    /// - Throws: What `work` throws for any other reason, or when the patience is over.
    func whenThere(_ work: () async throws -> Void) async throws {
        let end = ContinuousClock.now + patience
        var backoff = Backoff()
        while true {
            do {
                return try await work()
            } catch  where Self.isUnreachable(error) {
                backoff.failed()
                let next = ContinuousClock.now + backoff.delay()
                guard next < end else { throw error }
                logger.warning(
                    "The database cannot be reached yet",
                    metadata: ["error": "\(Self.reason(of: error))", "givingUpIn": "\(end - .now)"]
                )
                try await Task.sleep(until: next, clock: .continuous)
            }
        }
    }

    private static func isUnreachable(_ error: any Error) -> Bool { postgresError(error)?.isConnectionLoss ?? false }

    /// The first line of what was said: the others are advice for a person.
    private static func reason(of error: any Error) -> String {
        let message = postgresError(error)?.message ?? "\(error)"
        return String(message.prefix { !$0.isNewline })
    }

    private static func postgresError(_ error: any Error) -> PostgresError? {
        if case EnginesError.failed(_, let cause) = error { cause as? PostgresError } else { error as? PostgresError }
    }
}
