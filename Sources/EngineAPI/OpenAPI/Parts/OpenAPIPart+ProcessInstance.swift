import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Process instances.
    static var processInstance: Self {
        Self(
            tag: "Process instance",
            description: "Instances that run.",
            pathParameters: [
                "id": "The id of the process instance; for its variables, of any execution.",
                "varName": "The name of the variable.",
            ],
            lists: [
                OpenAPIList(
                    "/process-instance",
                    "process instances",
                    of: "ProcessInstance",
                    filters: "ProcessInstanceFilters",
                    sortedBy: ProcessInstanceQuery.Field.self,
                    names: .init(
                        "getProcessInstances",
                        "getProcessInstancesCount",
                        query: "queryProcessInstances",
                        queryCount: "queryProcessInstancesCount"
                    )
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/process-instance/{id}",
                    "getProcessInstance",
                    "Get an instance",
                    answers: [.ok("ProcessInstance")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .delete,
                    "/process-instance/{id}",
                    "deleteProcessInstance",
                    "Delete an instance",
                    query: [
                        .flag("skipIoMappings", "Whether output mappings are not run."),
                        .flag("failIfNotExists", default: true, "Whether it is an error when there is none."),
                    ],
                    answers: [.noContent],
                    errors: [.notFound, .engineError]
                ),
                OpenAPIOperation(
                    .get,
                    "/process-instance/{id}/activity-instances",
                    "getActivityInstanceTree",
                    "Get what runs in an instance, as a tree",
                    answers: [.ok("ActivityInstance", "The instance itself, with what runs in it.")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .put,
                    "/process-instance/{id}/suspended",
                    "updateSuspensionStateById",
                    "Suspend or activate an instance",
                    body: "Suspension",
                    answers: [.noContent],
                    errors: [.notFound]
                ),
            ]
                + OpenAPIOperation.variables(
                    "/process-instance/{id}/variables",
                    of: "process instance",
                    ids: [
                        "getProcessInstanceVariables", "modifyProcessInstanceVariables", "getProcessInstanceVariable",
                        "setProcessInstanceVariable", "deleteProcessInstanceVariable",
                        "getProcessInstanceVariableBinary", "setProcessInstanceVariableBinary",
                    ]
                ),
            answers: processInstanceAnswers,
            requests: processInstanceRequests
        )
    }

    private static let processInstanceAnswers = #"""
        {
            "ProcessInstance": {
                "type": "object",
                "properties": {
                    "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
                    "id": {"type": "string"},
                    "definitionId": {"type": "string"},
                    "definitionKey": {"type": "string"},
                    "businessKey": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "ended": {"type": "boolean"},
                    "suspended": {"type": "boolean"},
                    "tenantId": {"type": "string", "nullable": true}
                }
            },
            "ActivityInstance": {
                "type": "object",
                "description": "A run through an activity that has not ended.",
                "properties": {
                    "id": {"type": "string"},
                    "parentActivityInstanceId": {"type": "string", "nullable": true},
                    "activityId": {"type": "string"},
                    "activityType": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "childActivityInstances": {
                        "type": "array", "items": {"$ref": "#/components/schemas/ActivityInstance"}
                    },
                    "childTransitionInstances": {
                        "type": "array", "items": {"$ref": "#/components/schemas/TransitionInstance"}
                    },
                    "executionIds": {"type": "array", "items": {"type": "string"}},
                    "activityName": {"type": "string", "nullable": true},
                    "name": {"type": "string", "nullable": true, "description": "The same as `activityName`."},
                    "incidentIds": {"type": "array", "items": {"type": "string"}},
                    "incidents": {"type": "array", "items": {"$ref": "#/components/schemas/ActivityIncident"}}
                }
            },
            "TransitionInstance": {
                "type": "object",
                "description": "An execution that stands at an activity without running it.",
                "properties": {
                    "id": {"type": "string"},
                    "parentActivityInstanceId": {"type": "string"},
                    "activityId": {"type": "string"},
                    "targetActivityId": {"type": "string", "description": "The same as `activityId`."},
                    "activityName": {"type": "string", "nullable": true},
                    "activityType": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "incidentIds": {"type": "array", "items": {"type": "string"}},
                    "incidents": {"type": "array", "items": {"$ref": "#/components/schemas/ActivityIncident"}}
                }
            },
            "ActivityIncident": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "activityId": {"type": "string"}
                }
            }
        }
        """#

    private static let processInstanceRequests = #"""
        {
            "ProcessInstanceFilters": {
                "type": "object",
                "properties": {
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/ProcessInstanceFilters"},
                        "maxItems": 100, "description": "Each must be met by one of its filters at least."
                    },
                    "processInstanceIds": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "businessKey": {"type": "string"},
                    "businessKeyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
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
                    "deploymentId": {"type": "string"},
                    "rootProcessInstanceId": {"type": "string"},
                    "rootProcessInstances": {
                        "type": "boolean",
                        "description": "Only instances that no other one called."
                    },
                    "leafProcessInstances": {
                        "type": "boolean",
                        "description": "Only instances that call no other one."
                    },
                    "active": {"type": "boolean", "description": "Only what is not suspended."},
                    "suspended": {"type": "boolean", "description": "Only what is suspended."},
                    "withIncident": {"type": "boolean", "description": "Only with an open incident."},
                    "incidentId": {"type": "string"},
                    "incidentType": {"type": "string"},
                    "incidentMessage": {"type": "string"},
                    "incidentMessageLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "processDefinitionWithoutTenantId": {
                        "type": "boolean",
                        "description": "Only instances of definitions that belong to no tenant."
                    },
                    "activityIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
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
                    "superProcessInstance": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "subProcessInstance": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "superCaseInstance": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "subCaseInstance": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/ProcessInstanceFilters"},
                        "maxItems": 100, "description": "Each must be met by one of its filters at least."
                    }
                }
            },
            "Suspension": {
                "type": "object",
                "properties": {
                    "suspended": {"type": "boolean", "description": "false when missing: to activate."}
                }
            }
        }
        """#
}
