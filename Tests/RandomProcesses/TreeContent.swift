package import EngineCore
import OrderedCollections

/// What stands in a tree, for comparing: nothing of how it came to be there.
package struct TreeContent: Sendable, Hashable {
    package var scopes: [ExecutionID: Scope]
    package var externalTasks: [ExternalTaskID: ExternalTask]
    package var userTasks: [UserTaskID: UserTask]
    package var tokens: [ExecutionID: Token]
    package var variables: [VariableID: Variable]
    package var incidents: [IncidentID: Incident]
    package var subscriptions: [ExecutionID: [Subscription]]

    /// Variables that are never stored are left out.
    package init(_ tree: InstanceTree) {
        scopes = tree.scopes
        externalTasks = tree.externalTasks
        userTasks = tree.userTasks
        tokens = tree.tokens
        variables = [:]
        for variable in tree.variables.values.flatMap(\.values) where !variable.isTransient {
            variables[variable.id] = variable
        }
        incidents = Dictionary(uniqueKeysWithValues: tree.incidents.values.map { ($0.id, $0) })
        subscriptions = tree.subscriptions.filter { !$0.value.isEmpty }
    }

    package var isEmpty: Bool {
        scopes.isEmpty && externalTasks.isEmpty && userTasks.isEmpty && tokens.isEmpty && variables.isEmpty
            && incidents.isEmpty && subscriptions.isEmpty
    }

    /// The first things that are different in another.
    package func difference(from other: TreeContent) -> String {
        var lines: [String] = []
        func compare<Key: Hashable, Row: Equatable>(_ name: String, _ mine: [Key: Row], _ others: [Key: Row]) {
            for (key, row) in mine where others[key] != row {
                lines.append("\(name) \(row)\n  instead of \(others[key].map { "\($0)" } ?? "nothing")")
            }
            for (key, row) in others where mine[key] == nil { lines.append("\(name): nothing\n  instead of \(row)") }
        }
        compare("scope", scopes, other.scopes)
        compare("external task", externalTasks, other.externalTasks)
        compare("user task", userTasks, other.userTasks)
        compare("token", tokens, other.tokens)
        compare("variable", variables, other.variables)
        compare("incident", incidents, other.incidents)
        compare("subscriptions", subscriptions, other.subscriptions)
        return lines.prefix(6).joined(separator: "\n")
    }
}
