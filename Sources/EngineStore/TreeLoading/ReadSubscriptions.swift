import BPMN
package import EngineCore
import Expressions
package import FoundationEssentials
package import Postgres

/// Names the executions of a tree that wait for a signal.
package struct ReadSubscribers: Statement {
    package var root: UUID
    package var signal: String

    package init(in root: ProcessInstanceID, toSignal signal: String) {
        self.root = root.rawValue
        self.signal = signal
    }

    package static let sql: SQLText = """
        select distinct execution_id
        from event_subscription
        where (instance_id = $1 or root_id = $1 and root_id <> instance_id) and kind = 2 and name = $2
        """

    package static let parameters = ParameterEncoder(\ReadSubscribers.root, \.signal)
    package static let rows = RowDecoder(UUID.self)
}

/// Reads what executions wait for.
package struct ReadSubscriptions: Statement {
    package var owners: [UUID]

    package init(owners: [UUID]) { self.owners = owners }

    package static let sql: SQLText = """
        select id, kind, name, execution_id, root_id, instance_id, definition_id, activity_id, create_time
        from event_subscription
        where execution_id = any ($1)
        order by sequence
        """

    package static let parameters = ParameterEncoder(\ReadSubscriptions.owners)
    package static let rows = RowDecoder {
        (
            id: UUID,
            kind: Int16,
            name: String,
            owner: UUID,
            root: UUID,
            instance: UUID,
            definition: String,
            activity: String,
            created: PostgresTimestamp
        ) in
        Subscription(
            id: SubscriptionID(id),
            kind: EventTrigger.Kind(column: kind),
            name: name,
            owner: ExecutionID(owner),
            root: ProcessInstanceID(root),
            instance: ProcessInstanceID(instance),
            definition: DefinitionID(definition),
            activityID: activity,
            createTime: Instant(created)
        )
    }
}
