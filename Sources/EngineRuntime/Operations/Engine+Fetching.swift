import EngineCore
package import EngineStore

extension Engine {
    /// Locks claimable external tasks for a worker; without any, waits as long as the request says.
    ///
    /// See the REST reference, *Fetch and lock*. Cancelling the task means that the client is gone: the poll is taken
    /// out before it claims, and what it had locked by then is given back. At most ``Claim/maximumTasks`` are locked.
    /// - Parameters:
    ///   - request: What is wanted; without topics, or with at most 0 tasks, nothing is ever found.
    ///   - check: Sees tasks whose topics want deserialized values before the locks are committed; what it throws
    ///     refuses the whole request, and nothing is locked.
    /// - Returns: What was locked, in the order that was asked for; nothing when the time-out passes.
    /// - Throws: ``Rejection`` when it names more than ``Claim/maximumTopics`` topics; ``PollRefusal``; what `check` throws; `PostgresError` when the database cannot be asked;
    ///   `CancellationError`.
    package func fetchAndLock(
        _ request: FetchRequest,
        check: @escaping ExternalTaskFetcher.DeliveryCheck = { _ in }
    ) async throws -> [LockedTask] {
        try self.check(request)
        return try await fetcher.fetchAndLock(request, check: check)
    }

    /// The first look of ``fetchAndLock(_:check:)``, for callers who do not want to hold a task while a poll waits.
    ///
    /// - Throws: What ``fetchAndLock(_:check:)`` throws.
    package func look(
        for request: FetchRequest,
        check: @escaping ExternalTaskFetcher.DeliveryCheck = { _ in }
    ) async throws -> ExternalTaskFetcher.Look {
        try self.check(request)
        return try await fetcher.look(for: request, check: check)
    }

    private func check(_ request: FetchRequest) throws {
        guard request.topics.count <= Claim.maximumTopics else {
            throw Rejection.invalid(message: "A fetch may name at most \(Claim.maximumTopics) topics")
        }
    }

    /// Gives back tasks that could not be delivered to their worker; retries stay as they are.
    package func releaseUndelivered(_ tasks: [LockedTask]) async {
        await fetcher.releaseUndelivered(tasks)
    }
}
