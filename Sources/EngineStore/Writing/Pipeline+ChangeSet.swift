package import EngineCore
import FoundationEssentials
package import Postgres

/// What the store must know of definitions to write rows of their instances.
package struct DefinitionFacts: Sendable {
    package var keys: [DefinitionID: String] = [:]
    /// Days that history is kept.
    package var daysToLive: [DefinitionID: Int32] = [:]

    package init() {}
}

extension Pipeline {
    /// Adds the statements that write a change set: at most one per table and kind of change.
    package mutating func write(_ changes: ChangeSet, history: HistoryLevel, _ facts: DefinitionFacts) {
        let instances = changes.instances
        add(InsertInstances(scopes: instances.inserted), unless: instances.inserted.isEmpty)
        add(UpdateInstances(scopes: instances.updated), unless: instances.updated.isEmpty)

        let scopes = changes.scopes
        add(InsertScopes(scopes: scopes.inserted), unless: scopes.inserted.isEmpty)
        add(UpdateScopes(scopes: scopes.updated), unless: scopes.updated.isEmpty)
        add(DeleteScopes(ids: scopes.removed.map(\.rawValue)), unless: scopes.removed.isEmpty)

        let tokens = changes.tokens
        add(InsertTokens(tokens: tokens.inserted), unless: tokens.inserted.isEmpty)
        add(DeleteTokens(ids: tokens.removed.map(\.rawValue)), unless: tokens.removed.isEmpty)

        let tasks = changes.externalTasks
        add(InsertExternalTasks(tasks: tasks.inserted, keys: facts.keys), unless: tasks.inserted.isEmpty)
        add(UpdateExternalTasks(tasks: tasks.updated), unless: tasks.updated.isEmpty)
        add(DeleteExternalTasks(ids: tasks.removed.map(\.rawValue)), unless: tasks.removed.isEmpty)

        let userTasks = changes.userTasks
        add(InsertUserTasks(tasks: userTasks.inserted, keys: facts.keys), unless: userTasks.inserted.isEmpty)
        add(UpdateUserTasks(tasks: userTasks.updated), unless: userTasks.updated.isEmpty)
        add(DeleteUserTasks(ids: userTasks.removed.map(\.rawValue)), unless: userTasks.removed.isEmpty)

        let parents = changes.endedParents
        let (keepsTasks, keepsVariables) = (history >= .activity, history >= .audit)
        add(
            EndSubTasks(parents: parents, keepsTasks: keepsTasks, keepsVariables: keepsVariables),
            unless: parents.isEmpty
        )

        let links = changes.identityLinks
        add(InsertIdentityLinks(links: links.added), unless: links.added.isEmpty)
        add(DeleteIdentityLinks(links: links.removed), unless: links.removed.isEmpty)

        // A name may be removed and set again in one batch: remove first.
        let variables = changes.variables
        add(DeleteVariables(ids: variables.removed.map(\.rawValue)), unless: variables.removed.isEmpty)
        add(InsertVariables(variables: variables.inserted), unless: variables.inserted.isEmpty)
        add(UpdateVariables(variables: variables.updated), unless: variables.updated.isEmpty)
        let owners = changes.closedOwners.map(\.rawValue)
        add(CloseVariables(owners: owners, keepsHistory: history >= .audit), unless: owners.isEmpty)

        let subscriptions = changes.subscriptions
        add(InsertSubscriptions(subscriptions: subscriptions.inserted), unless: subscriptions.inserted.isEmpty)
        let subscribers = changes.closedSubscribers.map(\.rawValue)
        add(DeleteSubscriptions(owners: subscribers), unless: subscribers.isEmpty)

        add(InsertThrownSignals(signals: changes.thrownSignals), unless: changes.thrownSignals.isEmpty)
        add(InsertSignalReceipts(receipts: changes.signalReceipts), unless: changes.signalReceipts.isEmpty)

        let incidents = changes.incidents
        add(InsertIncidents(incidents: incidents.inserted), unless: incidents.inserted.isEmpty)
        // Before they are removed: what was noted about them goes along.
        add(InsertHistoryIncidents(ended: changes.endedIncidents), unless: changes.endedIncidents.isEmpty)
        add(DeleteIncidents(ids: incidents.removed.map(\.rawValue)), unless: incidents.removed.isEmpty)

        // The instance rows go last: they are the locks.
        add(DeleteInstances(ids: instances.removed.map(\.rawValue)), unless: instances.removed.isEmpty)
        writeHistory(changes, facts)
    }

    private mutating func writeHistory(_ changes: ChangeSet, _ facts: DefinitionFacts) {
        let (activities, instances) = (changes.endedActivities, changes.endedInstances)
        let (tasks, variables) = (changes.endedUserTasks, changes.endedVariables)
        add(InsertHistoryActivities(ended: activities, keys: facts.keys), unless: activities.isEmpty)
        add(InsertHistoryInstances(ended: instances, daysToLive: facts.daysToLive), unless: instances.isEmpty)
        add(InsertHistoryTasks(ended: tasks, keys: facts.keys), unless: tasks.isEmpty)
        add(InsertHistoryVariables(ended: variables), unless: variables.isEmpty)
        add(InsertLogEntries(entries: changes.logEntries, keys: facts.keys), unless: changes.logEntries.isEmpty)
    }

    private mutating func add<S: Statement>(_ statement: S, unless isEmpty: Bool) {
        if !isEmpty { add(statement) }
    }
}
