import BPMN
package import EngineCore
package import EngineStore
import FoundationEssentials
import Postgres

/// A message, and who may get it.
package struct MessageCorrelation: Sendable {
    package var name: String
    package var businessKey: String?
    package var processInstanceID: String?
    /// Conditions on variables of the process instance.
    package var processVariables: [VariableFilter] = []
    /// Conditions on variables of the waiting execution itself.
    package var localVariables: [VariableFilter] = []
    package var tenant = TenantFilter()
    /// What comes with the message: set as seen from the waiting execution, or in an instance that is started.
    package var variables: [VariableInput] = []
    /// Set in the waiting execution itself.
    package var variablesOfExecution: [VariableInput] = []
    /// Whether the result tells variables.
    package var wantsVariables = false

    package init(name: String) { self.name = name }
}

/// What got a message.
package enum CorrelatedMessage: Sendable {
    case execution(CorrelatedExecution)
    case start(StartedInstance)
}

/// An execution that got a message.
package struct CorrelatedExecution: Sendable {
    package var id: ExecutionID
    package var processInstanceID: ProcessInstanceID
    package var tenantID: String?
    /// Whether it went on, so that it is no more.
    package var isEnded: Bool
    /// The instance's variables before it went on, by name; nil unless wanted.
    package var variables: [VariableInput]?
}

extension Engine {
    /// How often a message is correlated again when what was found got another one meanwhile.
    static let maximumCorrelationAttempts = 10

    /// Gives a message to the one execution that waits for it or, if none does, to the one start event.
    ///
    /// Of two messages that race for one execution exactly one gets it; the other is correlated again.
    ///
    /// - Throws: ``Rejection/messageNotCorrelated(name:)`` when nobody waits, ``Rejection/messageAmbiguous(_:)`` when
    ///   several do; whatever the process says when it goes on.
    package func correlate(_ message: MessageCorrelation) async throws -> CorrelatedMessage {
        try check(message)
        for _ in 0..<Self.maximumCorrelationAttempts {
            if let result = try await correlateOnce(message) { return result }
        }
        throw Rejection.messageNotCorrelated(name: message.name)
    }

    /// Gives a message to all executions that wait for it and to all start events, each in its own right.
    ///
    /// One that cannot go on does not keep it from the others.
    ///
    /// - Throws: The first error, when all have had their turn.
    package func correlateAll(_ message: MessageCorrelation) async throws -> [CorrelatedMessage] {
        try check(message)
        let starts = message.mayStart ? try await self.starts(message) : []
        let given = try await broadcast(to: message.waiting) { [self] waiting -> CorrelatedMessage? in
            try await give(message, to: waiting).map { .execution($0) }
        }
        let started = await startAll(starts, businessKey: message.businessKey, variables: message.variablesOfStart)
        return try given.get() + started.get().map { .start($0) }
    }

    /// Gives a message to an execution that waits for it.
    ///
    /// - Throws: ``Rejection/subscriptionNotFound(execution:kind:name:)``, ``Rejection/executionSuspended(_:)``;
    ///   whatever the process says when it goes on.
    package func triggerMessage(_ name: String, ofExecution id: String, variables: [VariableInput]) async throws {
        try check(variables)
        guard let execution = ExecutionID(id) else {
            throw Rejection.subscriptionNotFound(execution: id, kind: .message, name: name)
        }
        let delivery = EventDelivery(owner: execution, kind: .message, name: name, variables: variables)
        try await runner.run(.deliverEvent(delivery), target: execution.rawValue)
    }

    /// Lets an execution go on that rests at an activity, whatever it waits for.
    ///
    /// - Throws: ``Rejection/executionNotFound(_:)``, ``Rejection/executionSuspended(_:)``,
    ///   ``Rejection/notSignallable(_:)``; whatever the process says when it goes on.
    package func signalExecution(_ id: String, variables: [VariableInput]) async throws {
        try check(variables)
        guard let execution = ExecutionID(id) else { throw Rejection.executionNotFound(id) }
        try await runner.run(.signalExecution(execution, variables: variables), target: execution.rawValue)
    }

    /// Who waits for messages and signals.
    package func eventSubscriptions(_ query: EventSubscriptionQuery) async throws -> [EventSubscriptionView] {
        try await list(query)
    }

    /// How many wait for messages and signals.
    package func eventSubscriptionCount(_ query: EventSubscriptionQuery) async throws -> Int { try await count(query) }
}

// MARK: One message

extension Engine {
    private func check(_ message: MessageCorrelation) throws {
        try check(message.variables + message.variablesOfExecution)
        try check(businessKey: message.businessKey)
    }

    /// Nil when what was found is taken.
    private func correlateOnce(_ message: MessageCorrelation) async throws -> CorrelatedMessage? {
        let waiting = try await pool.run(message.waiting.list(limit: 2), rows: WaitingExecutions.rows)
        guard waiting.count < 2 else {
            let count = try await pool.run(message.waiting.count, rows: RowDecoder(Int.self)).first ?? waiting.count
            throw Rejection.messageAmbiguous(message.mismatch(executions: max(2, count)))
        }
        if let waiting = waiting.first { return try await give(message, to: waiting).map { .execution($0) } }
        let starts = message.mayStart ? try await self.starts(message) : []
        guard starts.count < 2 else { throw Rejection.messageAmbiguous(message.mismatch(definitions: starts.count)) }
        guard let start = starts.first else { throw Rejection.messageNotCorrelated(name: message.name) }
        let started = try await begin(start, businessKey: message.businessKey, variables: message.variablesOfStart)
        return started.map { .start($0) }
    }

    private func starts(_ message: MessageCorrelation) async throws -> [WaitingStart] {
        var starts = WaitingStarts(for: .message, named: message.name)
        starts.tenant = message.tenant
        return try await pool.run(starts.list, rows: WaitingStarts.rows)
    }

    /// Nil when somebody else was faster.
    private func give(_ message: MessageCorrelation, to waiting: WaitingExecution) async throws -> CorrelatedExecution?
    {
        var variables: [VariableInput]?
        if message.wantsVariables {
            let instance = ExecutionID(waiting.processInstance)
            variables = try await pool.run(ReadVisibleVariables(from: instance, isLocal: true)).map {
                VariableInput(name: $0.name, value: $0.value)
            }
        }
        let delivery = EventDelivery(
            owner: waiting.execution,
            kind: .message,
            name: message.name,
            subscription: waiting.subscription,
            variables: message.variables,
            localVariables: message.variablesOfExecution
        )
        guard let outcome = try await deliver(delivery) else { return nil }
        return CorrelatedExecution(
            id: waiting.execution,
            processInstanceID: waiting.processInstance,
            tenantID: waiting.tenantID,
            isEnded: outcome.isSubscriberGone,
            variables: variables
        )
    }
}

extension MessageCorrelation {
    /// Who waits for it.
    fileprivate var waiting: WaitingExecutions {
        var waiting = WaitingExecutions(for: .message, named: name)
        waiting.businessKey = businessKey
        waiting.processInstanceID = processInstanceID
        waiting.processVariables = processVariables
        waiting.localVariables = localVariables
        waiting.tenant = tenant
        return waiting
    }

    /// What an instance that it starts begins with.
    fileprivate var variablesOfStart: [VariableInput] { variables + variablesOfExecution }

    /// Whether it may start an instance: not when it says which instance or execution is meant.
    fileprivate var mayStart: Bool { processInstanceID == nil && localVariables.isEmpty }

    fileprivate func mismatch(executions: Int = 0, definitions: Int = 0) -> MessageMismatch {
        MessageMismatch(
            name: name,
            executions: executions,
            definitions: definitions,
            businessKey: businessKey,
            processInstanceID: processInstanceID,
            correlationKeys: processVariables.map(\.name),
            localCorrelationKeys: localVariables.map(\.name)
        )
    }
}
