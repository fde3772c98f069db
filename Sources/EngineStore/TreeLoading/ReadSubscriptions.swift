import BPMN
package import EngineCore
import Expressions
package import FoundationEssentials
package import Postgres

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
