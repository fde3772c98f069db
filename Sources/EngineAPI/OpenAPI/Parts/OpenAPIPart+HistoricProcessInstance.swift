import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The history of process instances.
    static var historicProcessInstance: Self {
        Self(
            tag: "Historic process instance",
            description: "Instances that run and that have ended.",
            pathParameters: ["id": "The id of the process instance."],
            lists: [
                OpenAPIList(
                    "/history/process-instance",
                    "process instances",
                    of: "HistoricProcessInstance",
                    filters: "HistoricProcessInstanceFilters",
                    sortedBy: HistoricInstanceQuery.Field.self,
                    names: .init(
                        "getHistoricProcessInstances",
                        "getHistoricProcessInstancesCount",
                        query: "queryHistoricProcessInstances",
                        queryCount: "queryHistoricProcessInstancesCount"
                    )
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/history/process-instance/{id}",
                    "getHistoricProcessInstance",
                    "Get an instance",
                    answers: [.ok("HistoricProcessInstance")],
                    errors: [.notFound]
                )
            ],
            answers: historicProcessInstanceAnswers,
            requests: historicProcessInstanceRequests
        )
    }

    private static let historicProcessInstanceAnswers = #"""
        {
            "HistoricProcessInstance": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "businessKey": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionName": {"type": "string", "nullable": true},
                    "processDefinitionVersion": {"type": "integer", "format": "int32", "nullable": true},
                    "startTime": {"$ref": "#/components/schemas/DateTime"},
                    "endTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "durationInMillis": {"type": "integer", "format": "int64", "nullable": true},
                    "startUserId": {"type": "string", "nullable": true},
                    "startActivityId": {"type": "string", "nullable": true},
                    "deleteReason": {"type": "string", "nullable": true},
                    "rootProcessInstanceId": {"type": "string"},
                    "superProcessInstanceId": {"type": "string", "nullable": true},
                    "superCaseInstanceId": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true},
                    "state": {
                        "type": "string",
                        "enum": [
                            "ACTIVE", "SUSPENDED", "COMPLETED", "EXTERNALLY_TERMINATED", "INTERNALLY_TERMINATED"
                        ]
                    },
                    "restartedProcessInstanceId": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let historicProcessInstanceRequests = #"""
        {
            "HistoricProcessInstanceFilters": {
                "type": "object",
                "properties": {
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/HistoricProcessInstanceFilters"},
                        "maxItems": 100, "description": "Each must be met by one of its filters at least."
                    },
                    "processInstanceId": {"type": "string"},
                    "processInstanceIds": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceIdNotIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "None of these."
                    },
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionKeyNotIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "None of these."
                    },
                    "processDefinitionName": {"type": "string"},
                    "processDefinitionNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "processInstanceBusinessKey": {"type": "string"},
                    "processInstanceBusinessKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceBusinessKeyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "rootProcessInstanceId": {"type": "string"},
                    "rootProcessInstances": {
                        "type": "boolean",
                        "description": "Only instances that no other one called."
                    },
                    "finished": {"type": "boolean", "description": "Only what has ended."},
                    "unfinished": {"type": "boolean", "description": "Only what has not ended."},
                    "startedBy": {"type": "string", "description": "The user who started the instance."},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    },
                    "variables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on variables, which must all hold."
                    },
                    "superProcessInstanceId": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "subProcessInstanceId": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "superCaseInstanceId": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "subCaseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "withJobsRetrying": {
                        "type": "boolean",
                        "description": "Only instances with a job that is tried again."
                    },
                    "startedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "startedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "finishedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "finishedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "executedActivityBefore": {"$ref": "#/components/schemas/DateTime"},
                    "executedActivityAfter": {"$ref": "#/components/schemas/DateTime"},
                    "executedActivityIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these activities has been run."
                    },
                    "activeActivityIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these activities is running."
                    },
                    "activityIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withIncidents": {"type": "boolean", "description": "Only with incidents."},
                    "withRootIncidents": {
                        "type": "boolean",
                        "description": "Only with incidents that have no other cause."
                    },
                    "incidentIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "incidentType": {"type": "string"},
                    "incidentStatus": {
                        "type": "string", "enum": ["open", "resolved"],
                        "description": "The state of an incident."
                    },
                    "incidentMessage": {"type": "string"},
                    "incidentMessageLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "active": {"type": "boolean", "description": "Only what is not suspended."},
                    "suspended": {"type": "boolean", "description": "Only what is suspended."},
                    "completed": {"type": "boolean", "description": "Only instances that completed."},
                    "externallyTerminated": {
                        "type": "boolean",
                        "description": "Only instances that were deleted over the API."
                    },
                    "internallyTerminated": {
                        "type": "boolean",
                        "description": "Only instances that their model ended."
                    },
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/HistoricProcessInstanceFilters"},
                        "maxItems": 100, "description": "Each must be met by one of its filters at least."
                    }
                }
            }
        }
        """#
}
