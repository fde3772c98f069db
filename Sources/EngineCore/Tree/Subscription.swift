package import BPMN
package import Expressions

/// Somebody waits for a message or signal: a token that rests, or a task or scope with a boundary event.
///
/// It ends with its owner. What waits at a start event belongs to a definition and stands in no tree.
package struct Subscription: Sendable, Hashable {
    package var id: SubscriptionID
    package var kind: EventTrigger.Kind
    package var name: String
    /// The execution that waits: a resting token, or the task, sub-process or body that the event is attached to.
    package var owner: ExecutionID
    package var root: ProcessInstanceID
    package var instance: ProcessInstanceID
    package var definition: DefinitionID
    /// What happens when it comes: the receive task or the event.
    package var activityID: String
    package var createTime: Instant

    /// The longest name, in UTF-16 code units.
    package static let maximumNameLength = 255

    package init(
        id: SubscriptionID,
        kind: EventTrigger.Kind,
        name: String,
        owner: ExecutionID,
        root: ProcessInstanceID,
        instance: ProcessInstanceID,
        definition: DefinitionID,
        activityID: String,
        createTime: Instant
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.owner = owner
        self.root = root
        self.instance = instance
        self.definition = definition
        self.activityID = activityID
        self.createTime = createTime
    }
}
