import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Reading who waits for messages and signals.
    mutating func addEventSubscriptionQueries() {
        addList("/event-subscription", alsoByPost: false, .eventSubscriptions)
        get("/execution/{id}/messageSubscriptions/{messageName}") { call in
            let (id, name) = (call.path["id"], call.path["messageName"])
            var query = EventSubscriptionQuery()
            query.executionID = id
            query.eventType = "message"
            query.eventName = name
            guard let subscription = try await call.engine.eventSubscriptions(query).first else {
                throw APIError.notFound("Message event subscription for execution \(id) named \(name) does not exist")
            }
            return .json { subscription.write(to: &$0) }
        }
    }
}

extension ListOperation<EventSubscriptionQuery> {
    static let eventSubscriptions = Self(
        read: { (filters, query) throws(APIError) in
            query.subscriptionID = try filters.text("eventSubscriptionId")
            query.eventName = try filters.text("eventName")
            query.eventType = try filters.text("eventType")
            query.executionID = try filters.text("executionId")
            query.processInstanceID = try filters.text("processInstanceId")
            query.activityID = try filters.text("activityId")
            query.tenants = try filters.tenants(including: "includeEventSubscriptionsWithoutTenantId")
        },
        list: { try await $0.eventSubscriptions($1) },
        count: { try await $0.eventSubscriptionCount($1) },
        write: { subscription, _, writer in subscription.write(to: &writer) }
    )
}

extension EventSubscriptionView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("eventType", eventType)
        writer.member("eventName", eventName)
        writer.member("executionId", executionID?.description)
        writer.member("processInstanceId", processInstanceID?.description)
        writer.member("activityId", activityID)
        writer.member("createdDate", createTime)
        writer.member("tenantId", tenantID)
        writer.endObject()
    }
}
