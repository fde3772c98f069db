package import BPMN
package import EngineCore
import OrderedCollections

/// What must be true of every whole tree, whatever was done to it.
package struct TreeCheck {
    private let tree: InstanceTree
    private let definition: ProcessDefinition
    private var problems: [String] = []

    /// What is wrong with a tree; empty when nothing is.
    package static func problems(in tree: InstanceTree, _ definition: ProcessDefinition) -> [String] {
        var check = TreeCheck(tree: tree, definition: definition)
        check.checkScopes()
        check.checkLeaves()
        check.checkVariables()
        check.checkSubscriptions()
        check.checkIncidents()
        return check.problems
    }

    private init(tree: InstanceTree, definition: ProcessDefinition) {
        self.tree = tree
        self.definition = definition
    }

    private mutating func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
        if !isTrue { problems.append(problem()) }
    }

    /// Where everything that rests stands, with what it is.
    private var leaves: [(id: ExecutionID, place: Place, kind: Token.Kind?)] {
        tree.externalTasks.values.map { ($0.id.execution, $0.place, nil) }
            + tree.userTasks.values.filter { !$0.isStandalone }.map { ($0.id.execution, $0.place, nil) }
            + tree.tokens.values.map { ($0.id, $0.place, $0.kind) }
    }
}

// MARK: Scopes and tokens

extension TreeCheck {
    private mutating func checkScopes() {
        let leaves = Dictionary(grouping: leaves, by: \.place.scope)
        let inner = Dictionary(grouping: tree.scopes.values.filter { $0.parent != nil }) { $0.parent }
        for scope in tree.scopes.values {
            let name = "scope \(scope.activityID)"
            if let parent = scope.parent {
                expect(tree.scopes[parent] != nil, "\(name) has no scope around it")
                expect(scope.path == (tree.scopes[parent]?.path ?? []) + [scope.id], "\(name) has a wrong path")
            } else {
                expect(scope.path == [scope.id], "\(name) is a root with a path")
            }
            let leaves = leaves[scope.id] ?? []
            let children = leaves.count + (inner[scope.id]?.count ?? 0)
            expect(
                scope.openChildren == children,
                "\(name) counts \(scope.openChildren) open children and has \(children)"
            )
            expect(children > 0, "\(name) is empty and has not ended")
            let arrived = leaves.filter { $0.kind == .arrivedAtJoin }.map(\.place.activityID).sorted()
            expect(scope.arrived.sorted() == arrived, "\(name) counts arrivals \(scope.arrived), there are \(arrived)")
            for (join, tokens) in Dictionary(grouping: arrived, by: \.self) {
                let incoming = definition.node(id: join).map { definition[$0].incomingCount } ?? 0
                expect(tokens.count < incoming, "\(tokens.count) tokens wait at \(join) for \(incoming)")
            }
            if let loop = scope.loop { check(loop, of: scope, leaves.count { $0.kind == .endedIteration }) }
        }
        expect(tree.scopes.values.count { $0.process != nil } <= 1, "there are several roots")
    }

    private mutating func check(_ loop: Loop, of body: Scope, _ endedIterations: Int) {
        let id = String(body.activityID.dropLast(Scope.bodySuffix.count))
        guard let node = definition.node(id: id), let model = definition[node].multiInstance else {
            return problems.append("body \(body.activityID) has no multi-instance")
        }
        let active = model.isSequential ? 1 : loop.total - loop.completed
        if model.isSequential {
            expect(loop.started == loop.completed + 1, "\(body.activityID): \(loop)")
            expect(endedIterations == 0, "\(body.activityID) is sequential and has ended iterations")
            expect(body.openChildren == 1, "\(body.activityID) is sequential with \(body.openChildren) children")
        } else {
            expect(loop.started == loop.total, "\(body.activityID): \(loop)")
            expect(endedIterations == loop.completed, "\(body.activityID): \(loop), \(endedIterations) are ended")
        }
        expect(loop.started <= loop.total && loop.completed < loop.total, "\(body.activityID): \(loop)")
        let counters = [
            "nrOfInstances": loop.total, "nrOfCompletedInstances": loop.completed, "nrOfActiveInstances": active,
        ]
        for (name, count) in counters {
            let value = tree.variables[body.id]?[name]?.value
            expect(value == .integer(Int32(count)), "\(body.activityID): \(name) is \(value as Any), not \(count)")
        }
    }

    private mutating func checkLeaves() {
        for (id, place, kind) in leaves {
            let name = "\(place.activityID) (\(id))"
            guard let scope = tree.scopes[place.scope] else {
                problems.append("\(name) rests in no living scope")
                continue
            }
            expect(place.path == scope.path, "\(name) has a wrong path")
            expect(place.parentActivityInstance == scope.activityInstance, "\(name) has a wrong parent")
            expect(place.instance == scope.instance, "\(name) has a wrong instance")
            guard let index = definition.node(id: place.activityID) else {
                problems.append("\(name) is not in the model")
                continue
            }
            let node = definition[index]
            check(node, restsAs: kind, id, name)
            let surrounding = definition[node.scope].node.map { definition[$0].id }
            let expected = scope.loop == nil ? surrounding ?? definition.key : node.id + Scope.bodySuffix
            expect(scope.activityID == expected, "\(name) stands in \(scope.activityID)")
            let isIteration = scope.loop != nil && node.multiInstance?.isSequential == false
            expect((place.iteration != nil) == isIteration, "\(name) has a wrong iteration")
        }
        let isSuspended = tree.scopes.values.contains { $0.process?.isSuspended == true }
        for task in tree.externalTasks.values {
            expect(task.isSuspended == isSuspended, "\(task.place.activityID) is suspended: \(task.isSuspended)")
        }
        for task in tree.userTasks.values where !task.isStandalone {
            expect(task.isSuspended == isSuspended, "\(task.place.activityID) is suspended: \(task.isSuspended)")
        }
    }

    private mutating func check(_ node: FlowNode, restsAs kind: Token.Kind?, _ id: ExecutionID, _ name: String) {
        let isPossible =
            switch (node.kind, kind) {
            case (.externalTask, nil): tree.externalTasks[ExternalTaskID(id.rawValue)] != nil
            case (.userTask, nil): tree.userTasks[UserTaskID(id.rawValue)] != nil
            case (.parallelGateway, .arrivedAtJoin?): true
            case (.receiveTask(nil), .waitsForCall?): true
            case (.receiveTask(.some), .waitsForEvent?), (.catchEvent, .waitsForEvent?): true
            case (.eventBasedGateway, .waitsForEvent?): true
            case (_, .endedIteration?): node.multiInstance?.isSequential == false
            default: false
            }
        expect(isPossible, "\(name) rests as \(kind as Any)")
    }
}

// MARK: What belongs to them

extension TreeCheck {
    private mutating func checkVariables() {
        var owners = Set(tree.scopes.keys).union(leaves.map(\.id))
        owners.formUnion(tree.userTasks.keys.map(\.execution))
        owners.formUnion(leaves.compactMap(\.place.iteration) + tree.scopes.values.compactMap(\.iteration))
        for (owner, variables) in tree.variables {
            for (name, variable) in variables {
                expect(owners.contains(owner), "variable \(name) belongs to nothing that lives")
                expect(variable.owner == owner && variable.name == name, "variable \(name) stands in a wrong place")
                expect(variable.value != nil, "variable \(name) of a whole tree has no value")
            }
        }
    }

    private mutating func checkSubscriptions() {
        var expected: [ExecutionID: [String]] = [:]
        func boundaries(_ node: NodeIndex) -> [String] {
            definition[node].boundaryEvents.compactMap { event in
                guard case .boundaryEvent = definition[event].kind else { return nil }
                return definition[event].id
            }
        }
        for (id, place, kind) in leaves where kind != .endedIteration && kind != .arrivedAtJoin {
            guard let index = definition.node(id: place.activityID) else { continue }
            let node = definition[index]
            var waits: [String] = node.multiInstance == nil ? boundaries(index) : []
            switch node.kind {
            case .receiveTask(.some), .catchEvent: waits.append(node.id)
            case .eventBasedGateway: waits += node.outgoing.map { definition[definition[$0].target].id }
            default: break
            }
            expected[id] = waits.sorted()
        }
        for scope in tree.scopes.values where scope.parent != nil {
            let isBody = scope.loop != nil
            let id = isBody ? String(scope.activityID.dropLast(Scope.bodySuffix.count)) : scope.activityID
            guard let index = definition.node(id: id) else { continue }
            let isHost = isBody || definition[index].multiInstance == nil
            expected[scope.id] = isHost ? boundaries(index).sorted() : []
        }
        for (owner, subscriptions) in tree.subscriptions where expected[owner] == nil {
            expect(subscriptions.isEmpty, "\(subscriptions.map(\.activityID)) wait for something and do not live")
        }
        for (owner, waits) in expected {
            let found = (tree.subscriptions[owner] ?? []).map(\.activityID).sorted()
            expect(found == waits, "\(owner) waits at \(found), and should wait at \(waits)")
        }
    }

    private mutating func checkIncidents() {
        for (task, incident) in tree.incidents {
            expect(tree.externalTasks[task]?.retries == 0, "an incident without a task that has no retries")
            expect(incident.configuration == task, "an incident of another task")
        }
        for task in tree.externalTasks.values {
            let hasNone = task.retries.map { $0 <= 0 } ?? false
            expect(hasNone == (tree.incidents[task.id] != nil), "\(task.place.activityID): retries without incident")
        }
    }
}
