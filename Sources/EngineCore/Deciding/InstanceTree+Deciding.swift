import BPMN
import Expressions

extension InstanceTree {
    /// Decides what `command` does to this tree.
    ///
    /// Reads no clock, draws no identifier and does no I/O; `facts` brings all of it. What is not loaded is a ``Need``,
    /// never "not found". The same tree, command and facts give the same decision.
    ///
    /// - Throws: ``Refusal/rejected(_:)`` when the caller asked for what cannot be (nothing changes), or
    ///   ``Refusal/needs(_:)`` when something must be loaded before the command is decided again.
    package func decide(_ command: Command, given facts: Facts) throws(Refusal) -> Decision {
        var decision = Decision(of: self, given: facts)
        try decision.carryOut(command)
        try decision.run()
        decision.forgetTransientVariables()
        return decision
    }
}

extension Decision {
    fileprivate mutating func carryOut(_ command: Command) throws(Refusal) {
        switch command {
        case .startInstance(let start): try startInstance(start)
        case .deleteInstance(let id, let reason, let skipMappings):
            try deleteInstance(id, reason: reason, skipMappings: skipMappings)
        case .suspendInstance(let id, let isSuspended): try suspendInstance(id, isSuspended: isSuspended)
        case .completeExternalTask(let id, let worker, let variables, let localVariables):
            try completeExternalTask(id, worker: worker, variables: variables, localVariables: localVariables)
        case .failExternalTask(let id, let report): try failExternalTask(id, report)
        case .throwExternalTaskError(let id, let report): try throwExternalTaskError(id, report)
        case .extendExternalTaskLock(let id, let worker, let milliseconds):
            try extendLock(of: id, worker: worker, milliseconds: milliseconds)
        case .lockExternalTask(let id, let worker, let milliseconds):
            try lock(id, worker: worker, milliseconds: milliseconds)
        case .unlockExternalTask(let id): try unlock(id)
        case .setExternalTaskRetries(let id, let retries): try setRetries(of: id, to: retries)
        case .setExternalTaskPriority(let id, let priority): try setPriority(of: id, to: priority)
        case .completeUserTask(let id, let variables, let localVariables, let returnsVariables):
            try completeUserTask(
                id,
                variables: variables,
                localVariables: localVariables,
                returnsVariables: returnsVariables
            )
        case .changeUserTask(let id, let change): try changeUserTask(id, change)
        case .createUserTask(let id, let properties): try createUserTask(id, properties)
        case .deleteUserTask(let id): try deleteUserTask(id)
        case .throwUserTaskError(let id, let code, let message, let variables):
            try throwUserTaskError(id, code: code, message: message, variables: variables)
        case .deliverEvent(let delivery): try deliver(delivery)
        case .signalExecution(let id, let variables): try signalExecution(id, variables: variables)
        case .changeVariables(let execution, let set, let remove, let locally):
            try changeVariables(of: execution, set: set, remove: remove, locally: locally)
        case .limited(toTopics: let topics, let command):
            permittedTopics = topics
            try carryOut(command)
        }
    }

    /// Makes a process instance with its variables and sends a token to its start event.
    private mutating func startInstance(_ start: StartInstance) throws(Refusal) {
        let definition = try definition(start.definition)
        let named = start.startEvent.flatMap { definition.node(id: $0) }
        guard let startEvent = start.startEvent == nil ? definition[.process].start : named else {
            throw .rejected(.startEventMissing(start.definition))
        }
        let id = ProcessInstanceID(nextIdentifier())
        let execution = ExecutionID(id)
        root = id
        let data = ProcessData(
            key: definition.key,
            businessKey: start.businessKey,
            startActivityID: definition[startEvent].id,
            startUserID: start.userID
        )
        record(
            .scopeOpened(
                Scope(
                    id: execution,
                    kind: .process(data),
                    instance: id,
                    definition: start.definition,
                    parent: nil,
                    path: [execution],
                    activityID: definition.key,
                    activityInstance: ActivityInstanceID(id),
                    parentActivityInstance: nil,
                    iteration: nil,
                    startTime: moment,
                    openChildren: 1
                )
            )
        )
        if let signal = start.signal {
            record(.signalTaken(signal, by: .startEvent(definition[startEvent].id, of: start.definition)))
        }
        for variable in start.variables { try set(variable, in: [execution]) }
        plan(Move(node: startEvent, scope: execution))
    }
}
