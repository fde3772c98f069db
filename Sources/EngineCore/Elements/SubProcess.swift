import BPMN

extension Decision {
    /// Opens an embedded sub-process and sends a token to its start event.
    mutating func openSubProcess(
        _ inside: FlowScopeIndex,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        guard let execution = activity.execution else { preconditionFailure("a sub-process has a scope of its own") }
        guard let start = definition[inside].start else {
            throw .rejected(.startEventMissing(activity.place.definition))
        }
        open(.subProcess, execution, for: activity, openChildren: 1)
        try mapInput(of: activity, definition, seenAs: scope(activity.place.scope).activityInstance)
        plan(Move(node: start, scope: execution))
    }

    /// Opens a scope for a run through an activity.
    mutating func open(_ kind: Scope.Kind, _ execution: ExecutionID, for activity: Activity, openChildren: Int) {
        let place = activity.place
        record(
            .scopeOpened(
                Scope(
                    id: execution,
                    kind: kind,
                    instance: place.instance,
                    definition: place.definition,
                    parent: place.scope,
                    path: place.path + [execution],
                    activityID: place.activityID,
                    activityInstance: place.activityInstance,
                    parentActivityInstance: place.parentActivityInstance,
                    iteration: place.iteration,
                    startTime: place.startTime,
                    openChildren: openChildren
                )
            )
        )
    }
}
