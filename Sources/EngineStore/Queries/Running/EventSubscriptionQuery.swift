import BPMN
package import EngineCore
package import Expressions
package import Postgres

/// Who waits for a message or signal: executions, and the start events of the latest versions.
package struct EventSubscriptionQuery: ListQuery {
    package var subscriptionID: String?
    package var eventName: String?
    package var eventType: String?
    package var executionID: String?
    package var processInstanceID: String?
    package var activityID: String?
    package var tenants = TenantFilter()
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case created, tenantId

        package var column: StaticString {
            switch self {
            case .created: "s.create_time"
            case .tenantId: "s.tenant_id"
            }
        }
    }

    package static let name: StaticString = "event subscriptions"
    package static let defaultOrder: StaticString = "s.sequence"
    package static let columns: StaticString = """
        s.id, s.kind, s.name, s.execution_id, s.instance_id, s.activity_id, s.create_time, s.tenant_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try EventSubscriptionView(
            id: row.id(),
            eventType: EventTrigger.Kind(column: row.next()).rawValue,
            eventName: row.next(),
            executionID: row.idIfAny(),
            processInstanceID: row.idIfAny(),
            activityID: row.next(),
            createTime: row.moment(),
            tenantID: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) { query.append(" from event_subscription s") }

    package func restrict(_ rows: inout Conditions) {
        if let eventType {
            // Subscriptions of the contract's other kinds do not exist here.
            if let kind = EventTrigger.Kind(rawValue: eventType) {
                rows.add("s.kind = ", kind.column)
            } else {
                rows.matchNothing()
            }
        }
        rows.equal("s.id", id: subscriptionID)
        rows.equal("s.name", eventName)
        rows.equal("s.execution_id", id: executionID)
        rows.equal("s.instance_id", id: processInstanceID)
        rows.equal("s.activity_id", activityID)
        rows.tenant("s.tenant_id", tenants)
    }
}

/// A subscription as lists show it.
package struct EventSubscriptionView: Sendable {
    package var id: SubscriptionID
    /// `message` or `signal`.
    package var eventType: String
    package var eventName: String
    /// Nil for a start event.
    package var executionID: ExecutionID?
    package var processInstanceID: ProcessInstanceID?
    package var activityID: String
    package var createTime: Instant
    package var tenantID: String?
}
