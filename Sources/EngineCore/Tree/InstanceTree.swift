import BPMN
import FoundationEssentials
package import OrderedCollections

/// The loaded part of one root process instance: scopes, resting tokens and variables.
///
/// A tree knows what was loaded. Touching anything else is a ``Need``, never "not found".
package struct InstanceTree: Sendable {
    package private(set) var scopes: [ExecutionID: Scope] = [:]
    package private(set) var externalTasks: [ExternalTaskID: ExternalTask] = [:]
    package private(set) var userTasks: [UserTaskID: UserTask] = [:]
    package private(set) var tokens: [ExecutionID: Token] = [:]
    package private(set) var variables: [ExecutionID: OrderedDictionary<String, Variable>] = [:]
    package private(set) var incidents: [ExternalTaskID: Incident] = [:]
    /// Who waits for a message or signal, by owner; complete for owners in ``loadedSubscriptions``.
    package private(set) var subscriptions: [ExecutionID: [Subscription]] = [:]

    /// Scopes whose whole inside is here: loaded so, or opened by a decision on this very tree.
    private var wholeScopes: Set<ExecutionID> = []
    private var loadedJoins: Set<Join> = []
    private var loadedSubscriptions: Set<ExecutionID> = []
    /// Names of signals whose subscribers are all here.
    private var loadedSignals: Set<String> = []
    /// The root was made by a decision on this very tree, so that all who wait are here.
    private var isNew = false
    /// What decisions removed; rows that are read later may still have it.
    private var gone: Set<UUID> = []

    private struct Join: Hashable {
        var scope: ExecutionID
        var activityID: String
    }

    /// A tree with nothing loaded.
    package init() {}

    /// Applies what a decision recorded.
    ///
    /// Never refuses.
    package mutating func apply(_ event: Event) {
        switch event {
        case .scopeOpened(let scope):
            scopes[scope.id] = scope
            wholeScopes.insert(scope.id)
            if scope.parent == nil { isNew = true }
        case .scopeChanged(let scope): scopes[scope.id] = scope
        case .scopeClosed(let id):
            scopes[id] = nil
            gone.insert(id.rawValue)
        case .instanceEnded(let ended):
            scopes[ended.scope.id] = nil
            gone.insert(ended.scope.id.rawValue)
        case .tokenRested(let token): tokens[token.id] = token
        case .tokenRemoved(let id):
            tokens[id] = nil
            gone.insert(id.rawValue)
        case .externalTaskCreated(let task), .externalTaskChanged(let task): externalTasks[task.id] = task
        case .externalTaskRemoved(let id):
            externalTasks[id] = nil
            gone.insert(id.rawValue)
        case .userTaskCreated(let task), .userTaskChanged(let task): userTasks[task.id] = task
        case .userTaskEnded(let ended):
            userTasks[ended.task.id] = nil
            gone.insert(ended.task.id.rawValue)
        case .variableCreated(let variable), .variableChanged(let variable):
            variables[variable.owner, default: [:]][variable.name] = variable
        case .variableRemoved(let variable):
            variables[variable.owner]?.removeValue(forKey: variable.name)
            gone.insert(variable.id.rawValue)
        case .variablesClosed(let owner):
            variables[owner] = nil
            gone.insert(owner.rawValue)
        case .incidentOpened(let incident): incidents[incident.configuration] = incident
        case .incidentClosed(let incident, _, _):
            incidents[incident.configuration] = nil
            gone.insert(incident.id.rawValue)
        case .subscriptionOpened(let subscription):
            subscriptions[subscription.owner, default: []].append(subscription)
            // Nobody waits before the owner is there, so what was opened here is all.
            loadedSubscriptions.insert(subscription.owner)
        case .subscriptionsClosed(let owner):
            subscriptions[owner] = nil
            loadedSubscriptions.insert(owner)
        case .externalTaskLogged, .activityEnded, .identityLinkAdded, .identityLinkRemoved, .signalThrown,
            .signalTaken:
            break
        }
    }
}

extension InstanceTree {
    /// Removes the variables that are never stored.
    mutating func removeTransientVariables() {
        for owner in variables.keys { variables[owner]?.removeAll { $0.value.isTransient } }
    }
}

// MARK: Loading

extension InstanceTree {
    /// Adds rows that were read.
    ///
    /// What is already here is newer and stays; what a decision removed stays away.
    package mutating func add(_ rows: LoadedRows) {
        for scope in rows.scopes where scopes[scope.id] == nil && !gone.contains(scope.id.rawValue) {
            scopes[scope.id] = scope
        }
        for task in rows.externalTasks where externalTasks[task.id] == nil && !gone.contains(task.id.rawValue) {
            externalTasks[task.id] = task
        }
        for task in rows.userTasks where userTasks[task.id] == nil && !gone.contains(task.id.rawValue) {
            userTasks[task.id] = task
        }
        for token in rows.tokens where tokens[token.id] == nil && !gone.contains(token.id.rawValue) {
            tokens[token.id] = token
        }
        for incident in rows.incidents where !gone.contains(incident.id.rawValue) {
            incidents[incident.configuration] = incidents[incident.configuration] ?? incident
        }
        for variable in rows.variables { add(variable) }
    }

    /// Adds the subscriptions of an owner as they were read, unless a decision has made or ended them.
    package mutating func add(_ read: [Subscription], of owner: ExecutionID) {
        guard loadedSubscriptions.insert(owner).inserted else { return }
        subscriptions[owner] = read
    }

    private mutating func add(_ variable: Variable) {
        guard !gone.contains(variable.id.rawValue), !gone.contains(variable.owner.rawValue) else { return }
        if let known = variables[variable.owner]?[variable.name], known.value != nil || variable.value == nil { return }
        variables[variable.owner, default: [:]][variable.name] = variable
    }

    /// Remembers that a need was met.
    package mutating func markLoaded(_ need: Need) {
        switch need {
        case .subtree(let scope): wholeScopes.insert(scope)
        case .arrivals(let scope, let activityID): loadedJoins.insert(Join(scope: scope, activityID: activityID))
        case .subscribers(signal: let name): loadedSignals.insert(name)
        case .definition, .value, .subscriptions: break
        }
    }
}

/// Rows of one tree as the store read them.
package struct LoadedRows: Sendable {
    package var scopes: [Scope] = []
    package var externalTasks: [ExternalTask] = []
    package var userTasks: [UserTask] = []
    package var tokens: [Token] = []
    package var variables: [Variable] = []
    package var incidents: [Incident] = []

    package init() {}
}

// MARK: Asking

extension InstanceTree {
    /// Whether nothing was found of what a command names.
    var isEmpty: Bool { scopes.isEmpty && externalTasks.isEmpty && userTasks.isEmpty && tokens.isEmpty }

    /// Whether everything inside the scope is here.
    package func isWhole(_ scope: Scope) -> Bool {
        scope.path.contains { wholeScopes.contains($0) }
    }

    /// Whether a scope or a resting token with this id is here.
    package func hasExecution(_ id: ExecutionID) -> Bool {
        scopes[id] != nil || tokens[id] != nil || externalTasks[ExternalTaskID(id.rawValue)] != nil
            || userTasks[UserTaskID(id.rawValue)] != nil
    }

    /// Throws the need for a scope's inside, unless it is here.
    func requireWhole(_ scope: Scope) throws(Refusal) {
        guard isWhole(scope) else { throw .needs(.subtree(scope.id)) }
    }

    /// The tokens that wait at a join.
    func arrivals(at activityID: String, in scope: Scope) throws(Refusal) -> [Token] {
        guard isWhole(scope) || loadedJoins.contains(Join(scope: scope.id, activityID: activityID)) else {
            throw .needs(.arrivals(scope: scope.id, activityID: activityID))
        }
        return tokens.values.filter {
            $0.kind == .arrivedAtJoin && $0.place.scope == scope.id && $0.place.activityID == activityID
        }.sorted { ($0.place.startTime, $0.id.description) < ($1.place.startTime, $1.id.description) }
    }

    /// What an execution waits for.
    func subscriptions(of owner: ExecutionID) throws(Refusal) -> [Subscription] {
        guard loadedSubscriptions.contains(owner) else { throw .needs(.subscriptions(owner)) }
        return subscriptions[owner] ?? []
    }

    /// Who waits for a signal, in the order in which they began to wait; those of suspended instances do not get it.
    func subscribers(toSignal name: String, in root: ProcessInstanceID) throws(Refusal) -> [Subscription] {
        guard isNew || loadedSignals.contains(name) else { throw .needs(.subscribers(signal: name)) }
        return subscriptions.values.joined().filter {
            $0.kind == .signal && $0.name == name
                && scopes[ExecutionID($0.instance)]?.process?.isSuspended != true
        }.sorted { ($0.createTime, $0.id.description) < ($1.createTime, $1.id.description) }
    }

    /// The executions whose variables are visible from an activity, nearest first.
    func chain(from place: Place, execution: ExecutionID?) -> [ExecutionID] {
        var chain: [ExecutionID] = []
        chain.reserveCapacity(place.path.count + 2)
        if let execution { chain.append(execution) }
        if let iteration = place.iteration { chain.append(iteration) }
        for id in place.path.reversed() {
            chain.append(id)
            if let iteration = scopes[id]?.iteration { chain.append(iteration) }
        }
        return chain
    }

    /// What is loaded of an execution's own variables.
    package func loadedVariables(of owner: ExecutionID) -> [Variable] {
        variables[owner].map { Array($0.values) } ?? []
    }

    /// The nearest variable of this name.
    func variable(_ name: String, in chain: [ExecutionID]) -> Variable? {
        for owner in chain {
            if let variable = variables[owner]?[name] { return variable }
        }
        return nil
    }
}
