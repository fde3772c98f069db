import EngineCore
import EngineStore
import Postgres

extension Engine {
    /// The most executions that are looked up at a time.
    private static let broadcastPage = 1_000
    /// The most deliveries of one broadcast that wait for a batch at a time.
    private static let broadcastWidth = 100

    /// Hands an event to one who waits for it; nil when it waits no more, or must not go on now.
    func deliver(_ delivery: EventDelivery) async throws -> CommandOutcome? {
        do {
            return try await runner.run(.deliverEvent(delivery), target: delivery.owner.rawValue)
        } catch Rejection.subscriptionNotFound, Rejection.executionSuspended {
            return nil
        }
    }

    /// Does something for all who wait at this moment, each in its own right and transaction.
    ///
    /// `beforePage` is done before each look at the next of them.
    ///
    /// - Throws: The first error, when all have had their turn.
    func broadcast<Result: Sendable>(
        to all: WaitingExecutions,
        beforePage: () async throws -> Void = {},
        _ give: @escaping @Sendable (WaitingExecution) async throws -> Result?
    ) async throws -> [Result] {
        var (page, results, failure) = (all, [Result](), (any Error)?.none)
        while true {
            try await beforePage()
            let waiting = try await pool.run(page.list(limit: Self.broadcastPage), rows: WaitingExecutions.rows)
            guard let last = waiting.last else { break }
            for outcome in await Self.forEach(waiting, give) {
                switch outcome {
                case .success(let result): results += [result].compactMap(\.self)
                case .failure(let error): failure = failure ?? error
                }
            }
            page.after = last.sequence
            // Who begins to wait because of the broadcast comes too late for it.
            page.until = page.until ?? last.readTime
        }
        if let failure { throw failure }
        return results
    }

    private static func forEach<Result: Sendable>(
        _ waiting: [WaitingExecution],
        _ give: @escaping @Sendable (WaitingExecution) async throws -> Result?
    ) async -> [Swift.Result<Result?, any Error>] {
        await withTaskGroup(of: Swift.Result<Result?, any Error>.self) { group in
            var outcomes: [Swift.Result<Result?, any Error>] = []
            for (index, execution) in waiting.enumerated() {
                if index >= broadcastWidth, let outcome = await group.next() { outcomes.append(outcome) }
                group.addTask {
                    do { return .success(try await give(execution)) } catch { return .failure(error) }
                }
            }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }
}
