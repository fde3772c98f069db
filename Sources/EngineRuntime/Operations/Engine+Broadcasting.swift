import EngineCore
import EngineStore
import Postgres

extension Engine {
    /// The most executions that are looked up at a time.
    private static let broadcastPage = 1_000
    /// The most deliveries of one broadcast that wait for a batch at a time.
    private static let broadcastWidth = 100

    /// Hands an event to one who waits for it; nil when it waits no more, must not go on now, or has the signal already.
    func deliver(_ delivery: EventDelivery) async throws -> CommandOutcome? {
        do {
            return try await runner.run(.deliverEvent(delivery), target: delivery.owner.rawValue)
        } catch Rejection.subscriptionNotFound, Rejection.executionSuspended {
            return nil
        } catch let error as PostgresError where error.refusesSignal {
            return nil
        }
    }

    /// Does something for all who wait at this moment, each in its own right and transaction.
    ///
    /// `betweenPages` is done before each further look at the next of them; when it fails, they do not get it.
    ///
    /// - Throws: What `betweenPages` throws. All else that fails is part of the outcome.
    func broadcast<Result: Sendable>(
        to all: WaitingExecutions,
        betweenPages: () async throws -> Void = {},
        _ give: @escaping @Sendable (WaitingExecution) async throws -> Result?
    ) async throws -> BroadcastOutcome<Result> {
        var (page, outcome) = (all, BroadcastOutcome<Result>())
        while true {
            let waiting: [WaitingExecution]
            do {
                waiting = try await pool.run(page.list(limit: Self.broadcastPage), rows: WaitingExecutions.rows)
            } catch {
                outcome.note(error)
                return outcome
            }
            guard let last = waiting.last else { return outcome }
            for result in await Self.forEach(waiting, give) {
                switch result {
                case .success(let value): outcome.note(value)
                case .failure(let error): outcome.note(error)
                }
            }
            page.after = last.sequence
            // Who begins to wait because of the broadcast comes too late for it.
            page.until = page.until ?? last.readTime
            try await betweenPages()
        }
    }

    /// Starts an instance at each of the start events, each in its own right.
    func startAll(
        _ starts: [WaitingStart],
        businessKey: String? = nil,
        signal: SignalID? = nil,
        variables: [VariableInput]
    ) async -> BroadcastOutcome<StartedInstance> {
        var outcome = BroadcastOutcome<StartedInstance>()
        for start in starts {
            do {
                outcome.note(try await begin(start, businessKey: businessKey, signal: signal, variables: variables))
            } catch {
                outcome.note(error)
            }
        }
        return outcome
    }

    /// Starts an instance at a start event; nil when the definition is gone or suspended meanwhile, or the start event has
    /// the signal already.
    func begin(
        _ start: WaitingStart,
        businessKey: String? = nil,
        signal: SignalID? = nil,
        variables: [VariableInput]
    ) async throws -> StartedInstance? {
        do {
            return try await self.start(
                CommandJob.Start(
                    definition: .id(start.definition),
                    businessKey: businessKey,
                    variables: variables,
                    startEvent: start.activityID,
                    signal: signal
                )
            )
        } catch Rejection.definitionNotFound, Rejection.definitionSuspended {
            return nil
        } catch let error as PostgresError where error.refusesSignal {
            return nil
        }
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
