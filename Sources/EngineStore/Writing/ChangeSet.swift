package import EngineCore
package import Expressions

/// What a batch of decisions changes, folded to one final state per row: what was made and is gone again within the
/// batch leaves only its history.
package struct ChangeSet: Sendable {
    package private(set) var instances = RowChanges<ExecutionID, Scope>()
    package private(set) var scopes = RowChanges<ExecutionID, Scope>()
    package private(set) var tokens = RowChanges<ExecutionID, Token>()
    package private(set) var externalTasks = RowChanges<ExternalTaskID, ExternalTask>()
    package private(set) var userTasks = RowChanges<UserTaskID, UserTask>()
    package private(set) var identityLinks = IdentityLinkChanges()
    package private(set) var variables = RowChanges<VariableID, Variable>()
    package private(set) var incidents = RowChanges<IncidentID, Incident>()
    package private(set) var subscriptions = RowChanges<SubscriptionID, Subscription>()
    private var unwrittenSubscriptions: [ExecutionID: [SubscriptionID]] = [:]
    /// Executions whose subscriptions are gone with them; they have rows.
    package private(set) var closedSubscribers: [ExecutionID] = []
    private var unwritten: [ExecutionID: [VariableID]] = [:]
    /// Scopes whose variables move to history; their rows may or may not exist.
    package private(set) var closedOwners: [ExecutionID] = []

    package private(set) var endedInstances: [EndedInstance] = []
    package private(set) var endedActivities: [EndedActivity] = []
    package private(set) var endedUserTasks: [EndedUserTask] = []
    /// Ended tasks that others may be parts of, whether history keeps them or not.
    package private(set) var endedParents: [EndedUserTask] = []
    package private(set) var endedVariables: [EndedVariable] = []
    package private(set) var endedIncidents: [EndedIncident] = []
    package private(set) var logEntries: [ExternalTaskLogEntry] = []
    package private(set) var thrownSignals: [ThrownSignal] = []
    package private(set) var signalReceipts: [SignalReceipt] = []

    /// A change set that keeps what the history level asks for.
    package init(_ events: some Sequence<Event>, history: HistoryLevel) {
        for event in events { add(event) }
        keep(history)
    }

    package var isEmpty: Bool {
        instances.isEmpty && scopes.isEmpty && tokens.isEmpty && externalTasks.isEmpty && userTasks.isEmpty
            && identityLinks.isEmpty && variables.isEmpty && subscriptions.isEmpty && closedSubscribers.isEmpty
            && thrownSignals.isEmpty && signalReceipts.isEmpty
            && incidents.isEmpty && closedOwners.isEmpty && endedInstances.isEmpty && logEntries.isEmpty
            && endedActivities.isEmpty && endedUserTasks.isEmpty && endedVariables.isEmpty && endedIncidents.isEmpty
    }

    private mutating func add(_ event: Event) {
        switch event {
        case .scopeOpened(let scope) where scope.process != nil: instances.insert(scope, at: scope.id)
        case .scopeOpened(let scope): scopes.insert(scope, at: scope.id)
        case .scopeChanged(let scope) where scope.process != nil: instances.update(scope, at: scope.id)
        case .scopeChanged(let scope): scopes.update(scope, at: scope.id)
        case .scopeClosed(let id): scopes.remove(id)
        case .instanceEnded(let ended):
            instances.remove(ended.scope.id)
            endedInstances.append(ended)
        case .tokenRested(let token): tokens.insert(token, at: token.id)
        case .tokenRemoved(let id): tokens.remove(id)
        case .externalTaskCreated(let task): externalTasks.insert(task, at: task.id)
        case .externalTaskChanged(let task): externalTasks.update(task, at: task.id)
        case .externalTaskRemoved(let id): externalTasks.remove(id)
        case .externalTaskLogged(let entry): logEntries.append(entry)
        case .userTaskCreated(let task): userTasks.insert(task, at: task.id)
        case .userTaskChanged(let task): userTasks.update(task, at: task.id)
        case .userTaskEnded(let ended):
            userTasks.remove(ended.task.id)
            endedParents.append(ended)
            identityLinks.drop(of: ended.task.id)
            endedUserTasks.append(ended)
        case .identityLinkAdded(let task, let link): identityLinks.add(link, to: task)
        case .identityLinkRemoved(let task, let link): identityLinks.remove(link, from: task)
        case .subscriptionOpened(let subscription):
            subscriptions.insert(subscription, at: subscription.id)
            unwrittenSubscriptions[subscription.owner, default: []].append(subscription.id)
        case .subscriptionsClosed(let owner): closeSubscriptions(of: owner)
        case .signalThrown(let signal): thrownSignals.append(signal)
        case .signalTaken(let signal, let receiver):
            signalReceipts.append(SignalReceipt(signal: signal, receiver: receiver))
        case .variableCreated(let variable) where variable.isTransient: break
        case .variableChanged(let variable) where variable.isTransient: break
        case .variableRemoved(let variable) where variable.isTransient: break
        case .variableCreated(let variable):
            variables.insert(variable, at: variable.id)
            unwritten[variable.owner, default: []].append(variable.id)
        case .variableChanged(let variable): variables.update(variable, at: variable.id)
        case .variableRemoved(let variable):
            variables.remove(variable.id)
            endedVariables.append(EndedVariable(variable: variable, isDeleted: true))
        case .variablesClosed(let owner): closeVariables(of: owner)
        case .incidentOpened(let incident): incidents.insert(incident, at: incident.id)
        case .incidentClosed(let incident, let time, let isResolved):
            incidents.remove(incident.id)
            endedIncidents.append(EndedIncident(incident: incident, endTime: time, isResolved: isResolved))
        case .activityEnded(let activity): endedActivities.append(activity)
        }
    }

    /// An owner has all its subscriptions from the beginning: either all of them have rows or none.
    private mutating func closeSubscriptions(of owner: ExecutionID) {
        guard let unwritten = unwrittenSubscriptions.removeValue(forKey: owner) else {
            return closedSubscribers.append(owner)
        }
        for id in unwritten { subscriptions.remove(id) }
    }

    /// Variables that have no row yet go straight to history; rows are moved by the database.
    private mutating func closeVariables(of owner: ExecutionID) {
        for id in unwritten.removeValue(forKey: owner) ?? [] {
            guard let variable = variables.withdraw(id) else { continue }
            endedVariables.append(EndedVariable(variable: variable, isDeleted: false))
        }
        closedOwners.append(owner)
    }

    private mutating func keep(_ level: HistoryLevel) {
        if level < .activity {
            endedInstances = []
            endedActivities = []
            endedUserTasks = []
        }
        if level < .audit { endedVariables = [] }
        if level < .full {
            endedIncidents = []
            logEntries = []
        }
    }
}

/// The final state of the rows of one table after a batch.
package struct RowChanges<ID: Hashable & Sendable, Row: Sendable>: Sendable {
    private var insertedRows: [ID: Row] = [:]
    private var insertionOrder: [ID] = []
    private var updatedRows: [ID: Row] = [:]
    package private(set) var removed: [ID] = []

    package init() {}

    package var isEmpty: Bool { insertedRows.isEmpty && updatedRows.isEmpty && removed.isEmpty }

    /// New rows in the order in which they were made.
    package var inserted: [Row] { insertionOrder.compactMap { insertedRows[$0] } }

    package var updated: [Row] { Array(updatedRows.values) }

    mutating func insert(_ row: Row, at id: ID) {
        insertedRows[id] = row
        insertionOrder.append(id)
    }

    mutating func update(_ row: Row, at id: ID) {
        if insertedRows[id] != nil { insertedRows[id] = row } else { updatedRows[id] = row }
    }

    /// Takes a row away.
    mutating func remove(_ id: ID) {
        guard withdraw(id) == nil else { return }
        updatedRows.removeValue(forKey: id)
        removed.append(id)
    }

    /// Takes a row away if it was made in this batch, and returns it.
    mutating func withdraw(_ id: ID) -> Row? { insertedRows.removeValue(forKey: id) }
}

/// A variable on its way into history.
package struct EndedVariable: Sendable, Hashable {
    package var variable: Variable
    /// Removed by name, rather than gone with its scope.
    package var isDeleted: Bool
}

/// An incident on its way into history.
package struct EndedIncident: Sendable, Hashable {
    package var incident: Incident
    package var endTime: Instant
    package var isResolved: Bool
}

/// How much history is kept.
package enum HistoryLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Nothing.
    case none
    /// Process, activity and task instances.
    case activity
    /// Also variables.
    case audit
    /// Also incidents and the external-task log.
    case full

    package static func < (a: HistoryLevel, b: HistoryLevel) -> Bool { a.rawValue < b.rawValue }
}
