import BPMN
package import EngineCore
package import FoundationEssentials
import OrderedCollections

/// The rows that loading finds in a whole tree, as the store reads them.
package struct PartialLoad: Sendable {
    package var whole: InstanceTree
    /// Values that are read only when they are needed.
    package var leavesOut: @Sendable (Variable) -> Bool

    package init(of whole: InstanceTree, leavingOut leavesOut: @escaping @Sendable (Variable) -> Bool = { _ in false })
    {
        self.whole = whole
        self.leavesOut = leavesOut
    }

    /// Everything.
    package var allTargets: Set<UUID> {
        Set(whole.scopes.keys.map(\.rawValue) + whole.tokens.keys.map(\.rawValue))
            .union(whole.externalTasks.keys.map(\.rawValue)).union(whole.userTasks.keys.map(\.rawValue))
    }

    /// What is read for targets: they themselves, the scopes on their paths, the variables that they see.
    package func rows(_ targets: Set<UUID>) -> LoadedRows {
        var rows = LoadedRows()
        rows.externalTasks = whole.externalTasks.values.filter { targets.contains($0.id.rawValue) }
        rows.userTasks = whole.userTasks.values.filter { targets.contains($0.id.rawValue) }
        rows.tokens = whole.tokens.values.filter { targets.contains($0.id.rawValue) }
        var path = Set(rows.externalTasks.flatMap(\.place.path) + rows.userTasks.flatMap(\.place.path))
        path.formUnion(rows.tokens.flatMap(\.place.path))
        path.formUnion(whole.scopes.values.filter { targets.contains($0.id.rawValue) }.flatMap(\.path))
        rows.scopes = whole.scopes.values.filter { path.contains($0.id) }
        var owners = path.union(rows.externalTasks.map(\.id.execution) + rows.userTasks.map(\.id.execution))
        owners.formUnion(rows.tokens.map(\.id))
        owners.formUnion(
            rows.externalTasks.compactMap(\.place.iteration) + rows.userTasks.compactMap(\.place.iteration)
        )
        owners.formUnion(rows.tokens.compactMap(\.place.iteration) + rows.scopes.compactMap(\.iteration))
        for variable in owners.flatMap({ (whole.variables[$0] ?? [:]).values }) where !variable.isTransient {
            var read = variable
            if leavesOut(variable) { read.value = nil }
            rows.variables.append(read)
        }
        rows.incidents = whole.incidents.values.filter { targets.contains($0.configuration.rawValue) }
        return rows
    }

    /// Adds to a tree what it needs, as it was when loading began.
    package func load(_ need: Need, into tree: inout InstanceTree) {
        switch need {
        case .definition: return
        case .subtree(let scope): tree.add(rows(content(of: scope)))
        case .arrivals(let scope, let activityID):
            let tokens = whole.tokens.values.filter {
                $0.kind == .arrivedAtJoin && $0.place.scope == scope && $0.place.activityID == activityID
            }
            tree.add(rows(Set(tokens.map(\.id.rawValue))))
        case .subscriptions(let owner): tree.add(whole.subscriptions[owner] ?? [], of: owner)
        case .subscribers(signal: let name):
            let owners = whole.subscriptions.filter { owner in
                owner.value.contains { $0.kind == .signal && $0.name == name }
            }
            tree.add(rows(Set(owners.keys.map(\.rawValue))))
            for (owner, subscriptions) in owners { tree.add(subscriptions, of: owner) }
        case .value(let id):
            var rows = LoadedRows()
            rows.variables = whole.variables.values.flatMap { $0.values.filter { $0.id == id } }
            tree.add(rows)
        }
        tree.markLoaded(need)
    }

    /// Everything in a tree, and the knowledge that it is everything.
    package func all() -> InstanceTree {
        var tree = InstanceTree()
        tree.add(rows(allTargets))
        for scope in whole.scopes.keys { tree.markLoaded(.subtree(scope)) }
        for target in allTargets {
            tree.add(whole.subscriptions[ExecutionID(target)] ?? [], of: ExecutionID(target))
        }
        for name in RandomModel.signals { tree.markLoaded(.subscribers(signal: name)) }
        return tree
    }

    private func content(of scope: ExecutionID) -> Set<UUID> {
        var targets = Set(whole.externalTasks.values.filter { $0.place.path.contains(scope) }.map(\.id.rawValue))
        targets.formUnion(whole.userTasks.values.filter { $0.place.path.contains(scope) }.map(\.id.rawValue))
        targets.formUnion(whole.tokens.values.filter { $0.place.path.contains(scope) }.map(\.id.rawValue))
        targets.formUnion(whole.scopes.values.filter { $0.path.contains(scope) }.map(\.id.rawValue))
        return targets
    }
}
