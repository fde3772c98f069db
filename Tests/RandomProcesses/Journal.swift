package import EngineCore
import OrderedCollections

/// What the events of a process tell, and whether it hangs together with what runs.
package struct Journal: Sendable {
    package private(set) var endedActivities: [ActivityInstanceID: EndedActivity] = [:]
    package private(set) var endedInstance: EndedInstance?
    package private(set) var endedUserTasks: [UserTaskID: EndedUserTask] = [:]
    package private(set) var logEntries: [LogEntryID: ExternalTaskLogEntry] = [:]
    package private(set) var incidents: [IncidentID: Incident] = [:]
    package private(set) var closedIncidents: [IncidentID: Bool] = [:]
    /// The last value of every stored variable that there ever was.
    package private(set) var variables: [VariableID: Variable] = [:]
    package private(set) var removedVariables: Set<VariableID> = []
    package private(set) var links: [UserTaskID: Set<IdentityLink>] = [:]
    package private(set) var signals: [ThrownSignal] = []
    private var begun: Set<ActivityInstanceID> = []
    private var tasks: Set<ExternalTaskID> = []
    private var removedTasks: Set<ExternalTaskID> = []
    private var openVariables: [ExecutionID: Set<VariableID>] = [:]
    private var problems: [String] = []

    package init() {}

    private mutating func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
        if !isTrue { problems.append(problem()) }
    }

    /// Takes in what a decision recorded; `tree` is the whole tree after it.
    ///
    /// - Returns: What does not hang together.
    package mutating func add(_ events: [Event], _ tree: InstanceTree) -> [String] {
        problems = []
        for event in events { add(event) }
        compare(with: tree)
        return problems
    }

    private mutating func add(_ event: Event) {
        expect(endedInstance == nil, "something happened after the end: \(event)")
        switch event {
        case .scopeOpened(let scope):
            if scope.parent != nil { begun.insert(scope.activityInstance) }
        case .tokenRested(let token): if token.kind != .endedIteration { begun.insert(token.place.activityInstance) }
        case .externalTaskCreated(let task):
            expect(tasks.insert(task.id).inserted, "\(task.place.activityID) was made twice")
            begun.insert(task.place.activityInstance)
        case .externalTaskChanged(let task): expect(lives(task.id), "\(task.place.activityID) changed and is not there")
        case .externalTaskRemoved(let id):
            expect(lives(id), "a task was removed twice")
            removedTasks.insert(id)
        case .externalTaskLogged(let entry):
            expect(logEntries.updateValue(entry, forKey: entry.id) == nil, "a log entry came twice")
        case .userTaskCreated(let task): begun.insert(task.place.activityInstance)
        case .userTaskEnded(let ended):
            expect(endedUserTasks.updateValue(ended, forKey: ended.task.id) == nil, "a user task ended twice")
            links[ended.task.id] = nil
        case .identityLinkAdded(let task, let link): links[task, default: []].insert(link)
        case .identityLinkRemoved(let task, let link): links[task]?.remove(link)
        case .variableCreated(let variable), .variableChanged(let variable):
            if case .variableChanged = event, !variable.isTransient {
                expect(openVariables[variable.owner]?.contains(variable.id) == true, "\(variable.name) is not there")
            }
            guard !variable.isTransient else { return }
            variables[variable.id] = variable
            openVariables[variable.owner, default: []].insert(variable.id)
        case .variableRemoved(let variable):
            guard !variable.isTransient else { return }
            let wasThere = openVariables[variable.owner]?.remove(variable.id) != nil
            expect(wasThere, "\(variable.name) was removed and is not there")
            removedVariables.insert(variable.id)
        case .variablesClosed(let owner): openVariables[owner] = nil
        case .incidentOpened(let incident):
            expect(incidents.updateValue(incident, forKey: incident.id) == nil, "an incident was opened twice")
        case .incidentClosed(let incident, _, let isResolved):
            expect(closedIncidents.updateValue(isResolved, forKey: incident.id) == nil, "an incident ended twice")
        case .activityEnded(let ended):
            let id = ended.place.activityInstance
            expect(endedActivities.updateValue(ended, forKey: id) == nil, "\(id) ended twice")
        case .instanceEnded(let ended): endedInstance = ended
        case .signalThrown(let signal): signals.append(signal)
        case .scopeChanged, .scopeClosed, .tokenRemoved, .userTaskChanged, .subscriptionOpened, .subscriptionsClosed,
            .signalTaken:
            break
        }
    }

    private func lives(_ task: ExternalTaskID) -> Bool { tasks.contains(task) && !removedTasks.contains(task) }

    /// What runs has begun and not ended; what has begun and does not run has ended.
    private mutating func compare(with tree: InstanceTree) {
        let tokens = tree.tokens.values.filter { $0.kind != .endedIteration }
        var running = Set(tree.scopes.values.filter { $0.parent != nil }.map(\.activityInstance))
        running.formUnion(tokens.map(\.place.activityInstance))
        running.formUnion(tree.externalTasks.values.map(\.place.activityInstance))
        running.formUnion(tree.userTasks.values.filter { !$0.isStandalone }.map(\.place.activityInstance))
        for id in running {
            expect(begun.contains(id), "\(id) runs and never began")
            expect(endedActivities[id] == nil, "\(id) runs and has ended")
        }
        for id in begun where !running.contains(id) && !id.rawValue.isEmpty {
            expect(endedActivities[id] != nil, "\(id) does not run and has not ended")
        }
        expect(Set(tree.externalTasks.keys) == tasks.subtracting(removedTasks), "tasks came or went unseen")
        for task in removedTasks {
            let ends = logEntries.values.count { $0.task.id == task && [.successful, .deleted].contains($0.state) }
            expect(ends == 1, "the log has \(ends) ends of a task")
        }
        let stored = Set(tree.variables.values.flatMap(\.values).filter { !$0.isTransient }.map(\.id))
        expect(stored == Set(openVariables.values.joined()), "variables came or went unseen")
        if endedInstance != nil {
            expect(TreeContent(tree).isEmpty, "the instance has ended and something is left")
        } else {
            expect(!TreeContent(tree).isEmpty || !endedUserTasks.isEmpty, "everything is gone and nothing has ended")
        }
        if let ended = endedInstance, ended.state == .completed {
            expect(ended.endActivityID != nil, "nobody knows where the instance ended")
        }
    }
}
