import EngineStore

extension OpenAPIPart {
    /// Subscriptions of events.
    static var eventSubscription: Self {
        Self(
            tag: "Event subscription",
            description: "Who waits for messages and signals.",
            lists: [
                OpenAPIList(
                    "/event-subscription",
                    "event subscriptions",
                    of: "EventSubscription",
                    filters: "EventSubscriptionFilters",
                    sortedBy: EventSubscriptionQuery.Field.self,
                    names: .init("getEventSubscriptions", "getEventSubscriptionsCount")
                )
            ],
            answers: eventSubscriptionAnswers,
            requests: eventSubscriptionRequests
        )
    }

    private static let eventSubscriptionAnswers = #"""
        {
            "EventSubscription": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "eventType": {"type": "string"},
                    "eventName": {"type": "string"},
                    "executionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "activityId": {"type": "string"},
                    "createdDate": {"$ref": "#/components/schemas/DateTime"},
                    "tenantId": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let eventSubscriptionRequests = #"""
        {
            "EventSubscriptionFilters": {
                "type": "object",
                "properties": {
                    "eventSubscriptionId": {"type": "string"},
                    "eventName": {"type": "string"},
                    "eventType": {"type": "string"},
                    "executionId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "activityId": {"type": "string"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "includeEventSubscriptionsWithoutTenantId": {
                        "type": "boolean",
                        "description": "With `tenantIdIn`: also what belongs to no tenant."
                    }
                }
            }
        }
        """#
}
