import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The history of user tasks.
    static var historicTask: Self {
        Self(
            tag: "Historic task",
            description: "User tasks, those that are open included.",
            lists: [
                OpenAPIList(
                    "/history/task",
                    "tasks",
                    of: "HistoricTask",
                    filters: "HistoricTaskFilters",
                    sortedBy: HistoricTaskQuery.Field.self,
                    names: .init(
                        "getHistoricTaskInstances",
                        "getHistoricTaskInstancesCount",
                        query: "queryHistoricTaskInstances",
                        queryCount: "queryHistoricTaskInstancesCount"
                    )
                )
            ],
            operations: [],
            answers: historicTaskAnswers,
            requests: historicTaskRequests
        )
    }

    private static let historicTaskAnswers = #"""
        {
            "HistoricTask": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "caseDefinitionKey": {"type": "string", "nullable": true},
                    "caseDefinitionId": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "caseExecutionId": {"type": "string", "nullable": true},
                    "activityInstanceId": {"type": "string", "nullable": true},
                    "name": {"type": "string", "nullable": true},
                    "description": {"type": "string", "nullable": true},
                    "deleteReason": {"type": "string", "nullable": true},
                    "owner": {"type": "string", "nullable": true},
                    "assignee": {"type": "string", "nullable": true},
                    "startTime": {"$ref": "#/components/schemas/DateTime"},
                    "endTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "duration": {"type": "integer", "format": "int64", "nullable": true},
                    "taskDefinitionKey": {"type": "string", "nullable": true},
                    "priority": {"type": "integer", "format": "int32"},
                    "due": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "parentTaskId": {"type": "string", "nullable": true},
                    "followUp": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "tenantId": {"type": "string", "nullable": true},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "rootProcessInstanceId": {"type": "string", "nullable": true},
                    "taskState": {"type": "string", "enum": ["Created", "Updated", "Completed", "Deleted"]}
                }
            }
        }
        """#

    private static let historicTaskRequests = #"""
        {
            "HistoricTaskFilters": {
                "type": "object",
                "properties": {
                    "taskId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "rootProcessInstanceId": {"type": "string"},
                    "processInstanceBusinessKey": {"type": "string"},
                    "processInstanceBusinessKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceBusinessKeyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "executionId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionName": {"type": "string"},
                    "activityInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "taskPriority": {"type": "integer", "format": "int32"},
                    "assigned": {"type": "boolean", "description": "Only tasks with an assignee."},
                    "unassigned": {"type": "boolean", "description": "Only tasks without an assignee."},
                    "finished": {"type": "boolean", "description": "Only what has ended."},
                    "unfinished": {"type": "boolean", "description": "Only what has not ended."},
                    "processFinished": {"type": "boolean", "description": "Only tasks of instances that have ended."},
                    "processUnfinished": {
                        "type": "boolean",
                        "description": "Only tasks of instances that have not ended."
                    },
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    },
                    "taskVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on local variables of the task, which must all hold."
                    },
                    "processVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on variables of the process instance, which must all hold."
                    },
                    "taskParentTaskId": {"type": "string"},
                    "caseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseExecutionId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionKey": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionName": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "taskName": {"type": "string"},
                    "taskNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "taskDescription": {"type": "string"},
                    "taskDescriptionLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "taskDefinitionKey": {"type": "string"},
                    "taskDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "taskDeleteReason": {"type": "string"},
                    "taskDeleteReasonLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "taskAssignee": {"type": "string"},
                    "taskAssigneeLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "taskOwner": {"type": "string"},
                    "taskOwnerLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "taskDueDate": {"$ref": "#/components/schemas/DateTime"},
                    "taskDueDateBefore": {"$ref": "#/components/schemas/DateTime"},
                    "taskDueDateAfter": {"$ref": "#/components/schemas/DateTime"},
                    "withoutTaskDueDate": {"type": "boolean", "description": "Only tasks without a due date."},
                    "taskFollowUpDate": {"$ref": "#/components/schemas/DateTime"},
                    "taskFollowUpDateBefore": {"$ref": "#/components/schemas/DateTime"},
                    "taskFollowUpDateAfter": {"$ref": "#/components/schemas/DateTime"},
                    "startedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "startedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "finishedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "finishedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/HistoricTaskFilters"},
                        "maxItems": 100, "description": "Each must be met by one of its filters at least."
                    }
                }
            }
        }
        """#
}
