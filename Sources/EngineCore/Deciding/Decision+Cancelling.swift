import BPMN

extension Decision {
    /// Cancels a sub-process or body with everything inside, deepest first.
    ///
    /// Output mappings run.
    mutating func cancel(_ scope: Scope, _ definition: ProcessDefinition) throws(Refusal) {
        try cancelContent(of: scope)
        let activity = activity(of: scope, definition)
        if cancellation.mapsOutput { try mapOutput(of: activity, definition) }
        end(activity, definition, isCanceled: true, completesScope: false)
    }

    /// Cancels everything inside a scope, and drops the tokens that were about to move there.
    mutating func cancelContent(of scope: Scope) throws(Refusal) {
        try tree.requireWhole(scope)
        let definition = try definition(scope.definition)
        dropMoves(in: scope.id)
        let content = Content(of: scope.id, in: tree)
        for inner in content.scopes { try cancel(inner, definition) }
        for task in content.externalTasks { try cancel(task, definition) }
        for task in content.userTasks { try cancel(task, definition) }
        for token in content.tokens { try cancel(token, definition) }
    }

    /// Cancels an external task.
    mutating func cancel(_ task: ExternalTask, _ definition: ProcessDefinition) throws(Refusal) {
        log(task, .deleted)
        remove(task, isResolved: false)
        try cancelLeaf(activity(of: task, definition), definition)
    }

    /// Cancels a user task.
    mutating func cancel(_ task: UserTask, _ definition: ProcessDefinition) throws(Refusal) {
        record(.userTaskEnded(EndedUserTask(task: task, endTime: moment, deleteReason: cancellation.reason)))
        try cancelLeaf(activity(of: task, definition), definition)
    }

    /// Cancels a token that rests.
    mutating func cancel(_ token: Token, _ definition: ProcessDefinition) throws(Refusal) {
        switch token.kind {
        case .arrivedAtJoin:
            removeArrival(token)
            let activity = Activity(node: node(token.place.activityID, of: definition), place: token.place)
            end(activity, definition, isCanceled: true, completesScope: false)
        case .waitsForEvent, .waitsForCall:
            record(.tokenRemoved(token.id))
            try cancelLeaf(activity(of: token, definition), definition)
        case .endedIteration:
            record(.tokenRemoved(token.id))
            record(.variablesClosed(owner: token.id))
        }
    }

    private mutating func cancelLeaf(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        if cancellation.mapsOutput { try mapOutput(of: activity, definition) }
        end(activity, definition, isCanceled: true, completesScope: false)
    }

    /// Deletes a process instance with everything inside.
    mutating func deleteInstance(
        _ id: ProcessInstanceID,
        reason: String?,
        skipMappings: Bool
    ) throws(Refusal) {
        guard let instance = tree.scopes[ExecutionID(id)], instance.process != nil else {
            throw .rejected(.processInstanceNotFound(id.description))
        }
        cancellation.mapsOutput = !skipMappings
        if let reason { cancellation.reason = reason }
        try cancelContent(of: instance)
        record(.variablesClosed(owner: instance.id))
        record(
            .instanceEnded(
                EndedInstance(
                    scope: instance,
                    endTime: moment,
                    state: .externallyTerminated,
                    endActivityID: nil,
                    deleteReason: reason
                )
            )
        )
    }
}

/// What stands directly inside a scope, in a fixed order.
private struct Content {
    var scopes: [Scope]
    var externalTasks: [ExternalTask]
    var userTasks: [UserTask]
    var tokens: [Token]

    init(of scope: ExecutionID, in tree: InstanceTree) {
        scopes = tree.scopes.values.filter { $0.parent == scope }.sorted {
            $0.activityInstance.rawValue < $1.activityInstance.rawValue
        }
        externalTasks = tree.externalTasks.values.filter { $0.place.scope == scope }.sorted {
            $0.place.activityInstance.rawValue < $1.place.activityInstance.rawValue
        }
        userTasks = tree.userTasks.values.filter { $0.place.scope == scope }.sorted {
            $0.place.activityInstance.rawValue < $1.place.activityInstance.rawValue
        }
        tokens = tree.tokens.values.filter { $0.place.scope == scope }.sorted { $0.id.description < $1.id.description }
    }
}
