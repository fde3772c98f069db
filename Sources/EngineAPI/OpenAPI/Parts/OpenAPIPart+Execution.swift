import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Executions.
    static var execution: Self {
        Self(
            tag: "Execution",
            description: "Scopes of variables that run: instances, sub-processes, iterations, tasks.",
            pathParameters: [
                "id": "The id of the execution.",
                "varName": "The name of the variable.",
                "messageName": "The name of the message.",
            ],
            lists: [
                OpenAPIList(
                    "/execution",
                    "executions",
                    of: "Execution",
                    filters: "ExecutionFilters",
                    sortedBy: ExecutionQuery.Field.self,
                    names: .init(
                        "getExecutions",
                        "getExecutionsCount",
                        query: "queryExecutions",
                        queryCount: "queryExecutionsCount"
                    )
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/execution/{id}",
                    "getExecution",
                    "Get an execution",
                    answers: [.ok("Execution")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/execution/{id}/messageSubscriptions/{messageName}",
                    "getMessageEventSubscription",
                    "Get what an execution waits for",
                    answers: [.ok("EventSubscription")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .post,
                    "/execution/{id}/messageSubscriptions/{messageName}/trigger",
                    "triggerEvent",
                    "Give a message to an execution that waits for it",
                    "An unknown execution is answered with 500, as in the contract.",
                    body: "ExecutionVariables",
                    answers: [.noContent]
                ),
                OpenAPIOperation(
                    .post,
                    "/execution/{id}/signal",
                    "signalExecution",
                    "Let an execution go on that waits for nothing else",
                    "An unknown execution is answered with 500, as in the contract.",
                    body: "ExecutionVariables",
                    answers: [.noContent]
                ),
            ]
                + OpenAPIOperation.variables(
                    "/execution/{id}/localVariables",
                    of: "execution",
                    ids: [
                        "getLocalExecutionVariables", "modifyLocalExecutionVariables", "getLocalExecutionVariable",
                        "putLocalExecutionVariable", "deleteLocalExecutionVariable", "getLocalExecutionVariableBinary",
                        "setLocalExecutionVariableBinary",
                    ]
                ),
            answers: executionAnswers,
            requests: executionRequests
        )
    }

    private static let executionAnswers = #"""
        {
            "Execution": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "ended": {"type": "boolean"},
                    "tenantId": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let executionRequests = #"""
        {
            "ExecutionFilters": {
                "type": "object",
                "properties": {
                    "businessKey": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "activityId": {"type": "string"},
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
                    "processVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on variables of the process instance, which must all hold."
                    },
                    "signalEventSubscriptionName": {"type": "string"},
                    "messageEventSubscriptionName": {"type": "string"}
                }
            },
            "ExecutionVariables": {
                "type": "object",
                "properties": {"variables": {"$ref": "#/components/schemas/VariableInputs"}}
            }
        }
        """#
}
