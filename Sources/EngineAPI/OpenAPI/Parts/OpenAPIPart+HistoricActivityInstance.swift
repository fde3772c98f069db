import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The history of activities.
    static var historicActivityInstance: Self {
        Self(
            tag: "Historic activity instance",
            description: "Runs through activities, those under way included.",
            pathParameters: ["id": "The id of the activity instance."],
            lists: [
                OpenAPIList(
                    "/history/activity-instance",
                    "activity instances",
                    of: "HistoricActivityInstance",
                    filters: "HistoricActivityInstanceFilters",
                    sortedBy: HistoricActivityQuery.Field.self,
                    names: .init(
                        "getHistoricActivityInstances",
                        "getHistoricActivityInstancesCount",
                        query: "queryHistoricActivityInstances",
                        queryCount: "queryHistoricActivityInstancesCount"
                    )
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/history/activity-instance/{id}",
                    "getHistoricActivityInstance",
                    "Get an activity instance",
                    answers: [.ok("HistoricActivityInstance")],
                    errors: [.notFound]
                )
            ],
            answers: historicActivityInstanceAnswers,
            requests: historicActivityInstanceRequests
        )
    }

    private static let historicActivityInstanceAnswers = #"""
        {
            "HistoricActivityInstance": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "parentActivityInstanceId": {"type": "string"},
                    "activityId": {"type": "string"},
                    "activityName": {"type": "string", "nullable": true},
                    "activityType": {"type": "string", "nullable": true},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "taskId": {"type": "string", "nullable": true},
                    "calledProcessInstanceId": {"type": "string", "nullable": true},
                    "calledCaseInstanceId": {"type": "string", "nullable": true},
                    "assignee": {"type": "string", "nullable": true},
                    "startTime": {"$ref": "#/components/schemas/DateTime"},
                    "endTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "durationInMillis": {"type": "integer", "format": "int64", "nullable": true},
                    "canceled": {"type": "boolean"},
                    "completeScope": {"type": "boolean"},
                    "tenantId": {"type": "string", "nullable": true},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "rootProcessInstanceId": {"type": "string"}
                }
            }
        }
        """#

    private static let historicActivityInstanceRequests = #"""
        {
            "HistoricActivityInstanceFilters": {
                "type": "object",
                "properties": {
                    "activityInstanceId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "activityId": {"type": "string"},
                    "activityName": {"type": "string"},
                    "activityType": {"type": "string"},
                    "taskAssignee": {"type": "string"},
                    "finished": {"type": "boolean", "description": "Only what has ended."},
                    "unfinished": {"type": "boolean", "description": "Only what has not ended."},
                    "canceled": {"type": "boolean", "description": "Only what was cancelled."},
                    "completeScope": {"type": "boolean", "description": "Only what completed its scope."},
                    "startedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "startedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "finishedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "finishedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."}
                }
            }
        }
        """#
}
