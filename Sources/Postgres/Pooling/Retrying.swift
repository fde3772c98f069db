/// When a transaction may be done again from its beginning.
package struct Retrying: Sendable, Hashable {
    /// The most times that it is done in all; at least 1.
    package var maximumAttempts: Int

    /// Never again.
    package static let never = Self(maximumAttempts: 1)
    /// After a serialization failure, a deadlock or the loss of the connection, when nothing of it can be in the
    /// database; five times in all.
    package static let whatIsKnownToBeUndone = Self(maximumAttempts: 5)

    /// Whether to do it again after this error, which ended attempt number `attempt`.
    func allows(_ error: PostgresError, after attempt: Int) -> Bool {
        guard attempt < maximumAttempts, error.isDefinitelyUndone else { return false }
        return error.isRetryable || error.isConnectionLoss
    }
}

extension Pool {
    /// Does `body` in a transaction and commits it; rolls back when `body` throws.
    ///
    /// `body` may run several times, so it must not do anything outside the database that cannot be repeated.
    /// - Throws: What `body` throws. A `PostgresError` whose effect is `inDoubt` when the answer to the commit was lost.
    @discardableResult
    nonisolated(nonsending) package func transaction<Value>(
        retrying: Retrying = .whatIsKnownToBeUndone,
        _ body: nonisolated(nonsending) (Transaction) async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        var backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(500))
        while true {
            do {
                return try await withSession { session in try await session.transaction(body) }
            } catch let error as PostgresError where retrying.allows(error, after: attempt) {
                attempt += 1
                backoff.failed()
                try await Task.sleep(for: backoff.delay())
            }
        }
    }
}
