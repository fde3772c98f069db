import EngineCore
import Expressions
import FoundationEssentials

extension TreeContent {
    /// The content without the moments, also those in identifiers: what is the same whenever it was done.
    package var withoutTimes: TreeContent {
        var content = self
        content.scopes = Dictionary(uniqueKeysWithValues: scopes.values.map { ($0.id.withoutTime, $0.withoutTimes) })
        content.externalTasks = Dictionary(
            uniqueKeysWithValues: externalTasks.values.map { ($0.id.withoutTime, $0.withoutTimes) }
        )
        content.userTasks = Dictionary(
            uniqueKeysWithValues: userTasks.values.map { ($0.id.withoutTime, $0.withoutTimes) }
        )
        content.tokens = Dictionary(uniqueKeysWithValues: tokens.values.map { ($0.id.withoutTime, $0.withoutTimes) })
        content.variables = Dictionary(
            uniqueKeysWithValues: variables.values.map { ($0.id.withoutTime, $0.withoutTimes) }
        )
        content.incidents = Dictionary(
            uniqueKeysWithValues: incidents.values.map { ($0.id.withoutTime, $0.withoutTimes) }
        )
        content.subscriptions = Dictionary(
            uniqueKeysWithValues: subscriptions.map { ($0.key.withoutTime, $0.value.map(\.withoutTimes)) }
        )
        return content
    }
}

extension Identifier {
    /// The identifier without the milliseconds that it begins with.
    var withoutTime: Self {
        var bytes = rawValue.uuid
        (bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5) = (0, 0, 0, 0, 0, 0)
        return Self(UUID(uuid: bytes))
    }
}

extension ActivityInstanceID {
    var withoutTime: ActivityInstanceID {
        let parts = rawValue.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, let id = ExecutionID(String(last)) else { return self }
        return ActivityInstanceID(
            (parts.dropLast().map(String.init) + [id.withoutTime.description]).joined(separator: ":")
        )
    }
}

extension Instant {
    fileprivate static let never = Instant(millisecondsSinceEpoch: 0)
}

extension Place {
    fileprivate var withoutTimes: Place {
        Place(
            instance: instance.withoutTime,
            definition: definition,
            scope: scope.withoutTime,
            path: path.map(\.withoutTime),
            activityID: activityID,
            activityInstance: activityInstance.withoutTime,
            parentActivityInstance: parentActivityInstance.withoutTime,
            iteration: iteration?.withoutTime,
            startTime: .never
        )
    }
}

extension Scope {
    fileprivate var withoutTimes: Scope {
        Scope(
            id: id.withoutTime,
            kind: kind,
            instance: instance.withoutTime,
            definition: definition,
            parent: parent?.withoutTime,
            path: path.map(\.withoutTime),
            activityID: activityID,
            activityInstance: activityInstance.withoutTime,
            parentActivityInstance: parentActivityInstance?.withoutTime,
            iteration: iteration?.withoutTime,
            startTime: .never,
            openChildren: openChildren,
            arrived: arrived.sorted()
        )
    }
}

extension ExternalTask {
    fileprivate var withoutTimes: ExternalTask {
        var task = self
        (task.id, task.place) = (id.withoutTime, place.withoutTimes)
        task.lockExpiration = lockExpiration.map { _ in .never }
        return task
    }
}

extension UserTask {
    fileprivate var withoutTimes: UserTask {
        var task = self
        (task.id, task.place) = (id.withoutTime, place.withoutTimes)
        task.lastUpdateTime = lastUpdateTime.map { _ in .never }
        return task
    }
}

extension Token {
    fileprivate var withoutTimes: Token { Token(id: id.withoutTime, place: place.withoutTimes, kind: kind) }
}

extension Variable {
    fileprivate var withoutTimes: Variable {
        var variable = self
        (variable.id, variable.owner, variable.root) = (id.withoutTime, owner.withoutTime, root.withoutTime)
        (variable.instance, variable.activityInstance) = (instance.withoutTime, activityInstance.withoutTime)
        variable.createTime = .never
        return variable
    }
}

extension Incident {
    fileprivate var withoutTimes: Incident {
        var incident = self
        (incident.id, incident.place, incident.execution) = (id.withoutTime, place.withoutTimes, execution.withoutTime)
        incident.configuration = configuration.withoutTime
        incident.historyConfiguration = historyConfiguration?.withoutTime
        incident.createTime = .never
        return incident
    }
}

extension Subscription {
    fileprivate var withoutTimes: Subscription {
        var subscription = self
        (subscription.id, subscription.owner, subscription.root) = (id.withoutTime, owner.withoutTime, root.withoutTime)
        subscription.instance = instance.withoutTime
        subscription.createTime = .never
        return subscription
    }
}
