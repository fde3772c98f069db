import BPMN

extension Decision {
    /// Cancels everything else in the event's own scope; the scope then ends normally.
    mutating func terminate(at activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        try mapInput(of: activity, definition)
        var scope = scope(activity.place.scope)
        try cancelContent(of: scope)
        try mapOutput(of: activity, definition)
        end(activity, definition, isCanceled: false, completesScope: true)
        scope = self.scope(scope.id)
        scope.openChildren = 1
        scope.arrived = []
        record(.scopeChanged(scope))
        try endPath(at: activity.place.activityID, in: scope.id, definition)
    }
}
