import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The history of variables.
    static var historicVariableInstance: Self {
        Self(
            tag: "Historic variable instance",
            description: "Variables with the last value that they had.",
            pathParameters: ["id": "The id of the variable."],
            lists: [
                OpenAPIList(
                    "/history/variable-instance",
                    "variables",
                    of: "HistoricVariableInstance",
                    filters: "HistoricVariableInstanceFilters",
                    sortedBy: HistoricVariableQuery.Field.self,
                    names: .init(
                        "getHistoricVariableInstances",
                        "getHistoricVariableInstancesCount",
                        query: "queryHistoricVariableInstances",
                        queryCount: "queryHistoricVariableInstancesCount"
                    ),
                    parameters: [.deserializeValues]
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/history/variable-instance/{id}",
                    "getHistoricVariableInstance",
                    "Get a variable",
                    query: [.deserializeValues],
                    answers: [.ok("HistoricVariableInstance")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/history/variable-instance/{id}/data",
                    "getHistoricVariableInstanceBinary",
                    "Get the content of a variable",
                    "Of a File or Bytes.",
                    answers: [.content("The content.")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .delete,
                    "/history/variable-instance/{id}",
                    "deleteHistoricVariableInstance",
                    "Delete the history of a variable",
                    "Of a variable that is still there it is refused with 400.",
                    answers: [.noContent],
                    errors: [.notFound]
                ),
            ],
            answers: historicVariableInstanceAnswers,
            requests: historicVariableInstanceRequests
        )
    }

    private static let historicVariableInstanceAnswers = #"""
        {
            "HistoricVariableInstance": {
                "type": "object",
                "properties": {
                    "type": {"$ref": "#/components/schemas/VariableType"},
                    "value": {"$ref": "#/components/schemas/AnyValue"},
                    "valueInfo": {"$ref": "#/components/schemas/ValueInfo"},
                    "errorMessage": {
                        "type": "string", "nullable": true,
                        "description": "Why the value cannot be read."
                    },
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "activityInstanceId": {"type": "string", "nullable": true},
                    "caseDefinitionKey": {"type": "string", "nullable": true},
                    "caseDefinitionId": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "caseExecutionId": {"type": "string", "nullable": true},
                    "taskId": {"type": "string", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true},
                    "state": {"type": "string", "enum": ["CREATED", "DELETED"]},
                    "createTime": {"$ref": "#/components/schemas/DateTime"},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "rootProcessInstanceId": {"type": "string"}
                }
            }
        }
        """#

    private static let historicVariableInstanceRequests = #"""
        {
            "HistoricVariableInstanceFilters": {
                "type": "object",
                "properties": {
                    "variableName": {"type": "string"},
                    "variableNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "variableNameIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "variableValue": {
                        "description": "The value of the variable that `variableName` names; a text in a query string."
                    },
                    "variableTypeIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "includeDeleted": {"type": "boolean", "description": "Also variables that were deleted."},
                    "processInstanceId": {"type": "string"},
                    "processInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "executionIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "taskIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "activityInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "caseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseExecutionIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "caseActivityIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    }
                }
            }
        }
        """#
}
