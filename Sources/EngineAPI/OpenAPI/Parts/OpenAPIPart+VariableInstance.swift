import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Variables of what runs, as a list.
    static var variableInstance: Self {
        Self(
            tag: "Variable instance",
            description: "Variables of all that runs.",
            pathParameters: ["id": "The id of the variable."],
            lists: [
                OpenAPIList(
                    "/variable-instance",
                    "variables",
                    of: "VariableInstance",
                    filters: "VariableInstanceFilters",
                    sortedBy: VariableInstanceQuery.Field.self,
                    names: .init(
                        "getVariableInstances",
                        "getVariableInstancesCount",
                        query: "queryVariableInstances",
                        queryCount: "queryVariableInstancesCount"
                    ),
                    parameters: [.deserializeValues]
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/variable-instance/{id}",
                    "getVariableInstance",
                    "Get a variable",
                    query: [.deserializeValue],
                    answers: [.ok("VariableInstance")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/variable-instance/{id}/data",
                    "getVariableInstanceBinary",
                    "Get the content of a variable",
                    "Of a File or Bytes.",
                    answers: [.content("The content.")],
                    errors: [.notFound]
                ),
            ],
            answers: variableInstanceAnswers,
            requests: variableInstanceRequests
        )
    }

    private static let variableInstanceAnswers = #"""
        {
            "VariableInstance": {
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
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "caseExecutionId": {"type": "string", "nullable": true},
                    "taskId": {"type": "string", "nullable": true},
                    "batchId": {"type": "string", "nullable": true},
                    "activityInstanceId": {"type": "string", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let variableInstanceRequests = #"""
        {
            "VariableInstanceFilters": {
                "type": "object",
                "properties": {
                    "variableName": {"type": "string"},
                    "variableNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "processInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "executionIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "variableScopeIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "taskIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "activityInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    },
                    "variableValues": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on the variables themselves, which must all hold."
                    },
                    "caseInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "caseExecutionIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "batchIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    }
                }
            }
        }
        """#
}
