import HTTPTypes

extension OpenAPIPart {
    /// Messages and signals.
    static var message: Self {
        Self(
            tag: "Message and signal",
            description: "Events that come from outside.",
            operations: [
                OpenAPIOperation(
                    .post,
                    "/message",
                    "deliverMessage",
                    "Correlate a message",
                    "Goes to who waits for it, or starts an instance. It must be clear to whom, unless all are meant.",
                    body: "Message",
                    answers: [
                        .list("CorrelationResult", "Who got it, when that was asked for."),
                        .noContent,
                    ]
                ),
                OpenAPIOperation(
                    .post,
                    "/signal",
                    "throwSignal",
                    "Throw a signal",
                    "Goes to all who wait for it; that there is nobody is no error.",
                    body: "SignalToThrow",
                    answers: [.noContent]
                ),
            ],
            answers: messageAnswers,
            requests: messageRequests
        )
    }

    private static let messageAnswers = #"""
        {
            "CorrelationResult": {
                "type": "object", "x-optional": ["variables"],
                "description": "Who got the message: an execution that waited for it, or an instance that it started.",
                "properties": {
                    "resultType": {"type": "string", "enum": ["Execution", "ProcessDefinition"]},
                    "execution": {
                        "type": "object", "nullable": true,
                        "properties": {
                            "id": {"type": "string"},
                            "processInstanceId": {"type": "string"},
                            "ended": {"type": "boolean"},
                            "tenantId": {"type": "string", "nullable": true}
                        }
                    },
                    "processInstance": {
                        "type": "object", "nullable": true,
                        "properties": {
                            "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
                            "id": {"type": "string"},
                            "definitionId": {"type": "string"},
                            "businessKey": {"type": "string", "nullable": true},
                            "caseInstanceId": {"type": "string", "nullable": true},
                            "ended": {"type": "boolean"},
                            "suspended": {"type": "boolean"},
                            "tenantId": {"type": "string", "nullable": true},
                            "definitionKey": {"type": "string"}
                        }
                    },
                    "variables": {"$ref": "#/components/schemas/Variables"}
                }
            }
        }
        """#

    private static let messageRequests = #"""
        {
            "Message": {
                "type": "object",
                "required": ["messageName"],
                "description": "The keys are variables with the values that who waits must have.",
                "properties": {
                    "messageName": {"type": "string"},
                    "businessKey": {"type": "string"},
                    "tenantId": {"type": "string"},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "processInstanceId": {"type": "string"},
                    "correlationKeys": {"$ref": "#/components/schemas/VariableInputs"},
                    "localCorrelationKeys": {"$ref": "#/components/schemas/VariableInputs"},
                    "processVariables": {"$ref": "#/components/schemas/VariableInputs"},
                    "processVariablesLocal": {"$ref": "#/components/schemas/VariableInputs"},
                    "all": {"type": "boolean", "description": "Whether all who wait get it, not just one."},
                    "resultEnabled": {"type": "boolean", "description": "Whether to answer with who got it."},
                    "variablesInResultEnabled": {
                        "type": "boolean",
                        "description": "Whether the results have the variables."
                    }
                }
            },
            "SignalToThrow": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "executionId": {"type": "string", "description": "Who is to get it; all who wait when missing."},
                    "variables": {"$ref": "#/components/schemas/VariableInputs"},
                    "tenantId": {"type": "string"},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."}
                }
            }
        }
        """#
}
