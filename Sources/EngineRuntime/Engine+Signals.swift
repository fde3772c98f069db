import BPMN
package import EngineCore
package import EngineStore
import Postgres

/// A signal from outside, and who may get it.
package struct SignalBroadcast: Sendable {
    package var name: String
    package var tenant = TenantFilter()
    /// What comes with the signal: set as seen from each execution that waits, or in the instances that are started.
    package var variables: [VariableInput] = []

    package init(name: String) { self.name = name }
}

extension Engine {
    /// Gives a signal to all executions that wait for it now and to all start events, each in its own right: one that
    /// cannot go on does not keep it from the others, and suspended ones wait on.
    ///
    /// - Throws: The first error, when all have had their turn.
    package func broadcast(_ signal: SignalBroadcast) async throws {
        try check(signal.variables)
        var starts = WaitingStarts(for: .signal, named: signal.name)
        starts.tenant = signal.tenant
        var waiting = WaitingExecutions(for: .signal, named: signal.name)
        waiting.tenant = signal.tenant
        // Looked up first: who begins to wait because of the signal comes too late for it.
        let startable = try await pool.run(starts.list, rows: WaitingStarts.rows)
        var failure: (any Error)?
        do {
            _ = try await broadcast(to: waiting) { [self] waiting in
                try await deliver(
                    EventDelivery(
                        owner: waiting.execution,
                        kind: .signal,
                        name: signal.name,
                        subscription: waiting.subscription,
                        variables: signal.variables
                    )
                )
            }
        } catch {
            failure = error
        }
        for start in startable {
            do {
                _ = try await self.start(
                    .id(start.definition),
                    variables: signal.variables,
                    startEvent: start.activityID
                )
            } catch Rejection.definitionNotFound, Rejection.definitionSuspended {
                continue
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Gives a signal to one execution that waits for it.
    ///
    /// - Throws: ``Rejection/subscriptionNotFound(execution:kind:name:)``, ``Rejection/executionSuspended(_:)``;
    ///   whatever the process says when it goes on.
    package func signal(_ name: String, execution id: String, variables: [VariableInput]) async throws {
        try check(variables)
        guard let execution = ExecutionID(id) else {
            throw Rejection.subscriptionNotFound(execution: id, kind: .signal, name: name)
        }
        let delivery = EventDelivery(owner: execution, kind: .signal, name: name, variables: variables)
        try await runner.run(.deliverEvent(delivery), target: execution.rawValue)
    }
}
