import BPMN
import Expressions

extension Decision {
    /// Leaves an activity that ended by itself: chooses its flows, maps its output, ends its scope, and goes on.
    ///
    /// Flow conditions are evaluated in the activity's own scope and before its output mapping (BPMN reference,
    /// "life of an activity"). The flows of a multi-instance belong to its body, not to an iteration.
    mutating func leave(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        let isIteration = isIteration(activity, definition)
        let flows = isIteration ? [] : try selectFlows(from: activity, definition)
        try leave(activity, over: flows, isIteration: isIteration, definition)
    }

    /// Leaves an activity over flows that were chosen already.
    mutating func leave(
        _ activity: Activity,
        over flows: [FlowIndex],
        isIteration: Bool = false,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        try mapOutput(of: activity, definition)
        end(activity, definition, isCanceled: false, completesScope: flows.isEmpty)
        if isIteration {
            try iterationEnded(activity, definition)
        } else {
            try take(flows, from: activity.place, definition)
        }
    }

    /// Sends tokens over flows, in the order of the model; over none, the path ends.
    mutating func take(_ flows: [FlowIndex], from place: Place, _ definition: ProcessDefinition) throws(Refusal) {
        guard !flows.isEmpty else { return try endPath(at: place.activityID, in: place.scope, definition) }
        if flows.count > 1 {
            var scope = scope(place.scope)
            scope.openChildren += flows.count - 1
            record(.scopeChanged(scope))
        }
        for flow in flows.reversed() { plan(Move(node: definition[flow].target, scope: place.scope)) }
    }

    /// A token of the scope is used up; the last one ends the scope.
    mutating func endPath(
        at activityID: String,
        in scopeID: ExecutionID,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        var scope = scope(scopeID)
        scope.openChildren -= 1
        record(.scopeChanged(scope))
        if scope.openChildren == 0 { try complete(scope, lastActivity: activityID, definition) }
    }

    /// Ends a scope in which nothing is left to do.
    mutating func complete(_ scope: Scope, lastActivity: String, _ definition: ProcessDefinition) throws(Refusal) {
        switch scope.kind {
        case .process:
            record(.variablesClosed(owner: scope.id))
            record(
                .instanceEnded(
                    EndedInstance(
                        scope: scope,
                        endTime: moment,
                        state: .completed,
                        endActivityID: lastActivity,
                        deleteReason: nil
                    )
                )
            )
        case .subProcess, .multiInstanceBody:
            try leave(self.activity(of: scope, definition), definition)
        }
    }

    /// The run through an activity that a sub-process or body is.
    func activity(of scope: Scope, _ definition: ProcessDefinition) -> Activity {
        Activity(node: node(scope.activityID, of: definition), place: scope.place, execution: scope.id)
    }

    /// Whether the activity is one iteration of the multi-instance body around it.
    func isIteration(_ activity: Activity, _ definition: ProcessDefinition) -> Bool {
        guard definition[activity.node].multiInstance != nil else { return false }
        return scope(activity.place.scope).loop != nil && !activity.place.activityID.hasSuffix(Scope.bodySuffix)
    }

    /// Ends an activity's variable scope and records the run for history.
    mutating func end(
        _ activity: Activity,
        _ definition: ProcessDefinition,
        isCanceled: Bool,
        completesScope: Bool
    ) {
        if let execution = activity.execution {
            record(.variablesClosed(owner: execution))
            if hasSubscriptions(activity, definition) { record(.subscriptionsClosed(owner: execution)) }
            if tree.scopes[execution] != nil { record(.scopeClosed(execution)) }
        }
        // An iteration that ends by itself keeps its loop variables visible until its body ends.
        if isCanceled, let iteration = activity.place.iteration { record(.variablesClosed(owner: iteration)) }
        let node = definition[activity.node]
        let isBody = activity.place.activityID.hasSuffix(Scope.bodySuffix)
        record(
            .activityEnded(
                EndedActivity(
                    place: activity.place,
                    activityName: node.name,
                    activityType: isBody ? "multiInstanceBody" : node.activityType,
                    execution: activity.execution ?? activity.place.scope,
                    task: activity.task?.id,
                    assignee: activity.task?.assignee,
                    endTime: moment,
                    isCanceled: isCanceled,
                    completesScope: completesScope
                )
            )
        )
    }
}

extension Scope {
    /// Where the run through the sub-process or body stands.
    var place: Place {
        guard let parent, let parentActivityInstance else { preconditionFailure("a process instance has no place") }
        return Place(
            instance: instance,
            definition: definition,
            scope: parent,
            path: Array(path.dropLast()),
            activityID: activityID,
            activityInstance: activityInstance,
            parentActivityInstance: parentActivityInstance,
            iteration: iteration,
            startTime: startTime
        )
    }
}
