package import BPMN
import EngineCore
import FoundationEssentials
import Postgres

/// Inserts the subscriptions of executions; their tenant is that of the definition.
struct InsertSubscriptions: Statement {
    var subscriptions: [Subscription]

    static let sql: SQLText = """
        insert into event_subscription (
            id, root_id, instance_id, execution_id, definition_id, tenant_id, kind, name, activity_id, create_time
        )
        select
            row.id, row.root_id, row.instance_id, row.execution_id, row.definition_id, definition.tenant_id, row.kind,
            row.name, row.activity_id, row.create_time
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::smallint[], $7::text[], $8::text[],
            $9::timestamptz[]
        ) as row (id, root_id, instance_id, execution_id, definition_id, kind, name, activity_id, create_time)
        left join process_definition definition on definition.id = row.definition_id
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.owners,
        \.definitions,
        \.kinds,
        \.names,
        \.activities,
        \.createTimes
    )

    private var ids: [UUID] { subscriptions.map(\.id.rawValue) }
    private var roots: [UUID] { subscriptions.map(\.root.rawValue) }
    private var instances: [UUID] { subscriptions.map(\.instance.rawValue) }
    private var owners: [UUID] { subscriptions.map(\.owner.rawValue) }
    private var definitions: [String] { subscriptions.map(\.definition.rawValue) }
    private var kinds: [Int16] { subscriptions.map(\.kind.column) }
    private var names: [String] { subscriptions.map(\.name) }
    private var activities: [String] { subscriptions.map(\.activityID) }
    private var createTimes: [PostgresTimestamp] { subscriptions.map { PostgresTimestamp($0.createTime) } }
}

/// Removes the subscriptions of executions that are gone.
struct DeleteSubscriptions: Statement {
    var owners: [UUID]

    static let sql: SQLText = "delete from event_subscription where execution_id = any ($1)"
    static let parameters = ParameterEncoder(\Self.owners)
}

extension EventTrigger.Kind {
    /// What the column `event_subscription.kind` holds.
    package var column: Int16 {
        switch self {
        case .message: 1
        case .signal: 2
        }
    }

    /// Reads the column `event_subscription.kind`.
    package init(column: Int16) { self = column == 2 ? .signal : .message }
}
