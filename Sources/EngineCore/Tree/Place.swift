package import Expressions

/// Where one run through an activity stands: in which scope, as which activity instance, since when.
package struct Place: Sendable, Hashable {
    package var instance: ProcessInstanceID
    package var definition: DefinitionID
    /// The scope around the activity.
    package var scope: ExecutionID
    /// The scopes from the root process instance to ``scope``.
    package var path: [ExecutionID]
    package var activityID: String
    package var activityInstance: ActivityInstanceID
    package var parentActivityInstance: ActivityInstanceID
    /// The execution that holds the loop variables, when this is one iteration of a parallel multi-instance.
    package var iteration: ExecutionID?
    package var startTime: Instant

    package init(
        instance: ProcessInstanceID,
        definition: DefinitionID,
        scope: ExecutionID,
        path: [ExecutionID],
        activityID: String,
        activityInstance: ActivityInstanceID,
        parentActivityInstance: ActivityInstanceID,
        iteration: ExecutionID?,
        startTime: Instant
    ) {
        self.instance = instance
        self.definition = definition
        self.scope = scope
        self.path = path
        self.activityID = activityID
        self.activityInstance = activityInstance
        self.parentActivityInstance = parentActivityInstance
        self.iteration = iteration
        self.startTime = startTime
    }
}
