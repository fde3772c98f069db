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
        var waiting = WaitingExecutions(for: .signal, named: signal.name)
        waiting.tenant = signal.tenant
        try await broadcast(signal, to: waiting)
    }

    /// Gives a signal that a process threw to those who waited for it in other trees, and to all start events.
    func broadcast(_ thrown: PendingSignal) async throws {
        var signal = SignalBroadcast(name: thrown.name)
        // What belongs to a tenant reaches the tenant and what belongs to none.
        signal.tenant.tenantIDIn = [thrown.tenantID].compactMap(\.self)
        signal.tenant.includesWithoutTenantID = true
        signal.tenant.withoutTenantID = thrown.tenantID == nil
        var waiting = WaitingExecutions(for: .signal, named: thrown.name)
        waiting.tenant = signal.tenant
        waiting.until = thrown.time
        waiting.exceptRoot = thrown.root
        try await broadcast(signal, to: waiting) { [self] in try await pool.run(RenewThrownSignal(thrown.id)) }
    }

    private func broadcast(
        _ signal: SignalBroadcast,
        to waiting: WaitingExecutions,
        beforePage: () async throws -> Void = {}
    ) async throws {
        var starts = WaitingStarts(for: .signal, named: signal.name)
        starts.tenant = signal.tenant
        // Looked up first: who begins to wait because of the signal comes too late for it.
        let startable = try await pool.run(starts.list, rows: WaitingStarts.rows)
        var failure: (any Error)?
        do {
            _ = try await broadcast(to: waiting, beforePage: beforePage) { [self] waiting in
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

    /// Gives signals to all that other nodes have thrown and not given in time; every node does so regularly.
    package func deliverAbandonedSignals() async { await signals.sweep() }

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
