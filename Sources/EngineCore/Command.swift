package import BPMN

/// What a caller asks of one process instance tree.
package enum Command: Sendable {
    case startInstance(StartInstance)
    case deleteInstance(ProcessInstanceID, reason: String?, skipMappings: Bool)
    /// Suspends an instance with everything in it, or lets it go on. Twice is fine.
    case suspendInstance(ProcessInstanceID, isSuspended: Bool)
    case completeExternalTask(
        ExternalTaskID,
        worker: WorkerID,
        variables: [VariableInput],
        localVariables: [VariableInput]
    )
    case failExternalTask(ExternalTaskID, FailureReport)
    case throwExternalTaskError(ExternalTaskID, ErrorReport)
    case extendExternalTaskLock(ExternalTaskID, worker: WorkerID, milliseconds: Int64)
    case lockExternalTask(ExternalTaskID, worker: WorkerID, milliseconds: Int64)
    case unlockExternalTask(ExternalTaskID)
    case setExternalTaskRetries(ExternalTaskID, Int32)
    case setExternalTaskPriority(ExternalTaskID, Int64)
    /// `returnsVariables`: Whether the outcome tells the variables of the process instance.
    case completeUserTask(
        UserTaskID,
        variables: [VariableInput],
        localVariables: [VariableInput],
        returnsVariables: Bool
    )
    case throwUserTaskError(UserTaskID, code: String, message: String?, variables: [VariableInput])
    case changeUserTask(UserTaskID, UserTaskChange)
    /// Makes a task that belongs to no process.
    case createUserTask(UserTaskID, UserTaskProperties)
    /// Deletes a task that belongs to no process.
    case deleteUserTask(UserTaskID)
    /// Gives a message or signal to one who waits for it.
    case deliverEvent(EventDelivery)
    /// Lets a token go on that waits at an activity, whatever it waits for.
    case signalExecution(ExecutionID, variables: [VariableInput])
    /// Sets and removes variables seen from an execution; `locally` touches that execution's own scope only.
    case changeVariables(ExecutionID, set: [VariableInput], remove: [String], locally: Bool)
    /// The same by somebody who may do it to external tasks of these topics only.
    indirect case limited(toTopics: Set<String>, Command)
}

extension Command {
    /// The bytes of what it brings along without a bound of its own.
    package var byteCount: Int {
        switch self {
        case .startInstance(let start): start.variables.byteCount
        case .completeExternalTask(_, worker: _, let variables, let localVariables),
            .completeUserTask(_, let variables, let localVariables, returnsVariables: _):
            variables.byteCount + localVariables.byteCount
        case .failExternalTask(_, let report):
            (report.details?.utf8.count ?? 0) + report.variables.byteCount + report.localVariables.byteCount
        case .throwExternalTaskError(_, let report): report.variables.byteCount
        case .throwUserTaskError(_, code: _, message: _, let variables),
            .changeVariables(_, set: let variables, remove: _, locally: _), .signalExecution(_, let variables):
            variables.byteCount
        case .deliverEvent(let delivery): delivery.variables.byteCount + delivery.localVariables.byteCount
        case .changeUserTask(_, let change): change.byteCount
        case .createUserTask(_, let properties): properties.byteCount
        case .deleteInstance, .suspendInstance, .extendExternalTaskLock, .lockExternalTask, .unlockExternalTask,
            .setExternalTaskRetries, .setExternalTaskPriority, .deleteUserTask:
            0
        case .limited(toTopics: _, let command): command.byteCount
        }
    }

    /// Whether it names an external task, and nothing else.
    package var concernsExternalTask: Bool {
        switch self {
        case .completeExternalTask, .failExternalTask, .throwExternalTaskError, .extendExternalTaskLock,
            .lockExternalTask, .unlockExternalTask, .setExternalTaskRetries, .setExternalTaskPriority:
            true
        case .startInstance, .deleteInstance, .suspendInstance, .completeUserTask, .throwUserTaskError,
            .changeUserTask, .createUserTask, .deleteUserTask, .deliverEvent, .signalExecution,
            .changeVariables:
            false
        case .limited(toTopics: _, let command): command.concernsExternalTask
        }
    }

    /// The execution whose subscriptions it wants to see.
    package var subscriber: ExecutionID? {
        guard case .deliverEvent(let delivery) = self else { return nil }
        return delivery.owner
    }
}

/// Starts an instance of a definition.
package struct StartInstance: Sendable {
    package var definition: DefinitionID
    package var businessKey: String?
    package var variables: [VariableInput]
    package var userID: String?
    /// The start event that was triggered; nil for the one that needs no trigger, or the only one.
    package var startEvent: String?
    /// The signal of another tree that triggered it.
    package var signal: SignalID?

    package init(
        definition: DefinitionID,
        businessKey: String?,
        variables: [VariableInput],
        userID: String? = nil,
        startEvent: String? = nil,
        signal: SignalID? = nil
    ) {
        self.definition = definition
        self.businessKey = businessKey
        self.variables = variables
        self.userID = userID
        self.startEvent = startEvent
        self.signal = signal
    }
}

/// A message or signal for one who waits.
package struct EventDelivery: Sendable {
    /// Who waits.
    package var owner: ExecutionID
    package var kind: EventTrigger.Kind
    package var name: String
    /// The one subscription that was found; nil for any of the owner with the name.
    package var subscription: SubscriptionID?
    /// The signal, when a process of another tree has thrown it.
    package var signal: SignalID?
    /// Set as seen from the owner, before the process goes on.
    package var variables: [VariableInput]
    /// Set in the owner itself.
    package var localVariables: [VariableInput]

    package init(
        owner: ExecutionID,
        kind: EventTrigger.Kind,
        name: String,
        subscription: SubscriptionID? = nil,
        signal: SignalID? = nil,
        variables: [VariableInput] = [],
        localVariables: [VariableInput] = []
    ) {
        self.owner = owner
        self.kind = kind
        self.name = name
        self.subscription = subscription
        self.signal = signal
        self.variables = variables
        self.localVariables = localVariables
    }
}

/// A worker's report that its work failed.
package struct FailureReport: Sendable {
    package var worker: WorkerID
    /// Replaces the task's message, also with nil; cut at 666 UTF-16 units.
    package var message: String?
    /// Replaces the task's details unless nil.
    package var details: String?
    /// Attempts left, at least 0; 0 raises an incident.
    package var retries: Int32
    /// Milliseconds until the task may be fetched again, at least 0.
    package var retryMilliseconds: Int64
    package var variables: [VariableInput]
    package var localVariables: [VariableInput]

    package init(
        worker: WorkerID,
        message: String?,
        details: String?,
        retries: Int32,
        retryMilliseconds: Int64,
        variables: [VariableInput] = [],
        localVariables: [VariableInput] = []
    ) {
        self.worker = worker
        self.message = message
        self.details = details
        self.retries = retries
        self.retryMilliseconds = retryMilliseconds
        self.variables = variables
        self.localVariables = localVariables
    }
}

/// A worker's report of a BPMN error.
package struct ErrorReport: Sendable {
    package var worker: WorkerID
    package var code: String
    package var message: String?
    package var variables: [VariableInput]

    package init(worker: WorkerID, code: String, message: String?, variables: [VariableInput] = []) {
        self.worker = worker
        self.code = code
        self.message = message
        self.variables = variables
    }
}

/// A worker's name for itself.
///
/// Empty is a name, too.
package struct WorkerID: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ text: String) { rawValue = text }
    package init(stringLiteral value: String) { rawValue = value }
    package var description: String { rawValue }

    /// The longest name, in UTF-16 units.
    package static let maximumLength = 255
}
