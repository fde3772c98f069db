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
        // Looked up first: who begins to wait because of the signal comes too late for it.
        let starts = try await starts(signal)
        let given = try await give(signal, to: waiting)
        let started = await startAll(starts, variables: signal.variables)
        // What wrote nothing may have overlooked those whom another signal had reached, in a commit that is lost yet.
        let (receivers, instances) = (try given.get(), try started.get())
        if receivers.isEmpty, instances.isEmpty { try await pool.confirmWhatWasRead() }
    }

    /// Gives a signal that a process threw to those who waited for it in other trees, and to all start events, the start
    /// events last.
    ///
    /// Who has it already is left out: each gets it once, however often and on whatever node this is tried.
    ///
    /// `renewLease` is done now and then.
    ///
    /// - Returns: The first failure that makes another attempt worthwhile, and the first of all, where those of start events
    ///   count first.
    /// - Throws: What `renewLease` throws, or the look for the start events.
    func broadcast(
        _ thrown: PendingSignal,
        renewLease: () async throws -> Void
    ) async throws -> (passing: (any Error)?, first: (any Error)?) {
        var signal = SignalBroadcast(name: thrown.name)
        // What belongs to a tenant reaches the tenant and what belongs to none.
        signal.tenant.tenantIDIn = [thrown.tenantID].compactMap(\.self)
        signal.tenant.includesWithoutTenantID = true
        signal.tenant.withoutTenantID = thrown.tenantID == nil
        var waiting = WaitingExecutions(for: .signal, named: thrown.name)
        waiting.tenant = signal.tenant
        waiting.until = thrown.time
        waiting.exceptRoot = thrown.root
        waiting.untakenSignal = thrown.id
        let starts = try await starts(signal, id: thrown.id)
        let given = try await give(signal, id: thrown.id, to: waiting, betweenPages: renewLease)
        if !starts.isEmpty { try await renewLease() }
        let started = await startAll(starts, signal: thrown.id, variables: signal.variables)
        return (
            given.passingFailure ?? started.passingFailure,
            started.firstFailure ?? given.firstFailure
        )
    }

    private func starts(_ signal: SignalBroadcast, id: SignalID? = nil) async throws -> [WaitingStart] {
        var starts = WaitingStarts(for: .signal, named: signal.name)
        starts.tenant = signal.tenant
        starts.untakenSignal = id
        return try await pool.run(starts.list, rows: WaitingStarts.rows)
    }

    private func give(
        _ signal: SignalBroadcast,
        id: SignalID? = nil,
        to waiting: WaitingExecutions,
        betweenPages: () async throws -> Void = {}
    ) async throws -> BroadcastOutcome<CommandOutcome> {
        try await broadcast(to: waiting, betweenPages: betweenPages) { [self] waiting in
            try await deliver(
                EventDelivery(
                    owner: waiting.execution,
                    kind: .signal,
                    name: signal.name,
                    subscription: waiting.subscription,
                    signal: id,
                    variables: signal.variables
                )
            )
        }
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
