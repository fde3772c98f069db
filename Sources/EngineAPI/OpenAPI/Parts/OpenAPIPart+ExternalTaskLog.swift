import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The log of external tasks.
    static var externalTaskLog: Self {
        Self(
            tag: "Historic external task log",
            description: "What happened to external tasks: created, failed, successful, deleted.",
            pathParameters: ["id": "The id of the log entry."],
            lists: [
                OpenAPIList(
                    "/history/external-task-log",
                    "log entries",
                    of: "ExternalTaskLogEntry",
                    filters: "ExternalTaskLogEntryFilters",
                    sortedBy: ExternalTaskLogQuery.Field.self,
                    names: .init(
                        "getHistoricExternalTaskLogs",
                        "getHistoricExternalTaskLogsCount",
                        query: "queryHistoricExternalTaskLogs",
                        queryCount: "queryHistoricExternalTaskLogsCount"
                    )
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/history/external-task-log/{id}",
                    "getHistoricExternalTaskLog",
                    "Get a log entry",
                    answers: [.ok("ExternalTaskLogEntry")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/history/external-task-log/{id}/error-details",
                    "getErrorDetailsHistoricExternalTaskLog",
                    "Get the details of a failure",
                    answers: [.text("The details."), .noContent("There are none.")],
                    errors: [.notFound]
                ),
            ],
            answers: externalTaskLogAnswers,
            requests: externalTaskLogRequests
        )
    }

    private static let externalTaskLogAnswers = #"""
        {
            "ExternalTaskLogEntry": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "timestamp": {"$ref": "#/components/schemas/DateTime"},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "externalTaskId": {"type": "string"},
                    "topicName": {"type": "string", "nullable": true},
                    "workerId": {"type": "string", "nullable": true},
                    "priority": {"type": "integer", "format": "int64"},
                    "retries": {"type": "integer", "format": "int32", "nullable": true},
                    "errorMessage": {"type": "string", "nullable": true},
                    "activityId": {"type": "string"},
                    "activityInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "tenantId": {"type": "string", "nullable": true},
                    "rootProcessInstanceId": {"type": "string"},
                    "creationLog": {"type": "boolean"},
                    "failureLog": {"type": "boolean"},
                    "successLog": {"type": "boolean"},
                    "deletionLog": {"type": "boolean"}
                }
            }
        }
        """#

    private static let externalTaskLogRequests = #"""
        {
            "ExternalTaskLogEntryFilters": {
                "type": "object",
                "properties": {
                    "logId": {"type": "string"},
                    "externalTaskId": {"type": "string"},
                    "topicName": {"type": "string"},
                    "workerId": {"type": "string"},
                    "errorMessage": {"type": "string"},
                    "activityIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "activityInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "executionIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "priorityHigherThanOrEquals": {
                        "type": "integer", "format": "int64",
                        "description": "This priority or a higher one."
                    },
                    "priorityLowerThanOrEquals": {
                        "type": "integer", "format": "int64",
                        "description": "This priority or a lower one."
                    },
                    "creationLog": {"type": "boolean", "description": "Only entries of creation."},
                    "failureLog": {"type": "boolean", "description": "Only entries of failure."},
                    "successLog": {"type": "boolean", "description": "Only entries of success."},
                    "deletionLog": {"type": "boolean", "description": "Only entries of deletion."}
                }
            }
        }
        """#
}
