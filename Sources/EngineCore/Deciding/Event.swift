package import Expressions

/// What a decision changed.
///
/// The list of events is its only output: the tree applies them, the store writes them,
/// history and wake-ups come from them. Indirect, because events are copied several times on their way and are large.
package indirect enum Event: Sendable, Hashable {
    case scopeOpened(Scope)
    /// Counters or joins changed; the whole small row.
    case scopeChanged(Scope)
    /// A sub-process or body is gone. (Its activity record and its variables are events of their own.)
    case scopeClosed(ExecutionID)
    case instanceEnded(EndedInstance)

    case tokenRested(Token)
    case tokenRemoved(ExecutionID)

    case externalTaskCreated(ExternalTask)
    case externalTaskChanged(ExternalTask)
    case externalTaskRemoved(ExternalTaskID)
    case externalTaskLogged(ExternalTaskLogEntry)

    case userTaskCreated(UserTask)
    case userTaskChanged(UserTask)
    case userTaskEnded(EndedUserTask)
    case identityLinkAdded(UserTaskID, IdentityLink)
    case identityLinkRemoved(UserTaskID, IdentityLink)

    case subscriptionOpened(Subscription)
    /// An execution waits for nothing any more.
    case subscriptionsClosed(owner: ExecutionID)

    /// Who waits in other trees shall get it.
    case signalThrown(ThrownSignal)
    /// Somebody has a signal that another tree has thrown, and must not get it again.
    case signalTaken(SignalID, by: SignalReceiver)

    case variableCreated(Variable)
    case variableChanged(Variable)
    /// Removed by name while its scope lives on.
    case variableRemoved(Variable)
    /// A scope's variables are gone with it; history keeps their last values.
    case variablesClosed(owner: ExecutionID)

    case incidentOpened(Incident)
    case incidentClosed(Incident, at: Instant, isResolved: Bool)

    case activityEnded(EndedActivity)
}

/// A process instance's end.
package struct EndedInstance: Sendable, Hashable {
    package var scope: Scope
    package var endTime: Instant
    package var state: State
    /// Where the last path ended; nil for a deleted instance.
    package var endActivityID: String?
    package var deleteReason: String?

    package enum State: String, Sendable, Hashable {
        case completed = "COMPLETED"
        case externallyTerminated = "EXTERNALLY_TERMINATED"
        case internallyTerminated = "INTERNALLY_TERMINATED"
    }
}

/// One finished run through an activity, for history.
package struct EndedActivity: Sendable, Hashable {
    package var place: Place
    package var activityName: String?
    package var activityType: String
    package var execution: ExecutionID
    /// The user task, where there was one.
    package var task: UserTaskID?
    package var assignee: String?
    package var endTime: Instant
    package var isCanceled: Bool
    /// Left over no flow.
    package var completesScope: Bool
}

/// A user task's end.
package struct EndedUserTask: Sendable, Hashable {
    package var task: UserTask
    package var endTime: Instant
    /// ``completed``, `deleted` or why it was interrupted.
    package var deleteReason: String

    /// The reason of a task that was done.
    package static let completed = "completed"
}

/// An entry of the external-task log.
package struct ExternalTaskLogEntry: Sendable, Hashable {
    package var id: LogEntryID
    package var task: ExternalTask
    package var state: State
    package var time: Instant

    package enum State: String, Sendable, Hashable {
        case created, failed, successful, deleted
    }
}
