// The schemas of answers as HAL, which user tasks have.

extension OpenAPIPart {
    /// Has no operations of its own.
    static var hal: Self { Self(tag: "HAL", description: "", answers: halAnswers) }

    private static let halAnswers = #"""
        {
            "HALLinks": {
                "type": "object",
                "additionalProperties": {"$ref": "#/components/schemas/HALLink"},
                "properties": {
            
                }
            },
            "HALLink": {
                "type": "object",
                "properties": {
                    "href": {"type": "string", "description": "Below the API's root."}
                }
            },
            "HALTask": {
                "type": "object",
                "properties": {
                    "_links": {"$ref": "#/components/schemas/HALLinks"},
                    "_embedded": {"$ref": "#/components/schemas/HALTaskParts"},
                    "id": {"type": "string"},
                    "name": {"type": "string", "nullable": true},
                    "assignee": {"type": "string", "nullable": true},
                    "created": {"$ref": "#/components/schemas/DateTime"},
                    "due": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "followUp": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "delegationState": {"type": "string", "nullable": true, "enum": ["PENDING", "RESOLVED", null]},
                    "description": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "owner": {"type": "string", "nullable": true},
                    "parentTaskId": {"type": "string", "nullable": true},
                    "priority": {"type": "integer", "format": "int32"},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "taskDefinitionKey": {
                        "type": "string", "nullable": true,
                        "description": "The activity's id in the model."
                    },
                    "caseExecutionId": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "caseDefinitionId": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "formKey": {"type": "string", "nullable": true},
                    "camundaFormRef": {"$ref": "#/components/schemas/FormReference"},
                    "tenantId": {"type": "string", "nullable": true}
                }
            },
            "HALTaskParts": {
                "type": "object",
                "nullable": true,
                "x-optional": ["processDefinition", "identityLink"],
                "properties": {
                    "processDefinition": {
                        "type": "array", "items": {"$ref": "#/components/schemas/HALProcessDefinition"}
                    },
                    "identityLink": {"type": "array", "items": {"$ref": "#/components/schemas/HALIdentityLink"}}
                }
            },
            "HALTaskList": {
                "type": "object",
                "properties": {
                    "_links": {"$ref": "#/components/schemas/HALLinks"},
                    "_embedded": {"$ref": "#/components/schemas/HALTaskListParts"},
                    "count": {
                        "type": "integer", "format": "int64",
                        "description": "How many there are on all pages."
                    }
                }
            },
            "HALTaskListParts": {
                "type": "object",
                "x-optional": ["processDefinition"],
                "properties": {
                    "processDefinition": {
                        "type": "array", "items": {"$ref": "#/components/schemas/HALProcessDefinition"}
                    },
                    "task": {"type": "array", "items": {"$ref": "#/components/schemas/HALTask"}}
                }
            },
            "HALIdentityLink": {
                "type": "object",
                "properties": {
                    "_links": {"$ref": "#/components/schemas/HALLinks"},
                    "_embedded": {"$ref": "#/components/schemas/HALNothing"},
                    "userId": {"type": "string", "nullable": true},
                    "groupId": {"type": "string", "nullable": true},
                    "type": {"type": "string", "description": "assignee, owner, candidate or any other."},
                    "taskId": {"type": "string"}
                }
            },
            "HALNothing": {
                "type": "object",
                "nullable": true,
                "description": "Always null.",
                "properties": {
            
                }
            },
            "HALProcessDefinition": {
                "type": "object",
                "properties": {
                    "_links": {"$ref": "#/components/schemas/HALLinks"},
                    "_embedded": {"$ref": "#/components/schemas/HALNothing"},
                    "id": {"type": "string"},
                    "key": {"type": "string"},
                    "category": {"type": "string", "nullable": true},
                    "description": {"type": "string", "nullable": true},
                    "name": {"type": "string", "nullable": true},
                    "versionTag": {"type": "string", "nullable": true},
                    "version": {"type": "integer", "format": "int32"},
                    "resource": {"type": "string"},
                    "deploymentId": {"type": "string"},
                    "diagram": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "contextPath": {"type": "string", "nullable": true}
                }
            }
        }
        """#
}
