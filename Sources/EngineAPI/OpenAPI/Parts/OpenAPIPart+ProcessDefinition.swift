import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Process definitions.
    static var processDefinition: Self {
        Self(
            tag: "Process definition",
            description: "Processes that were deployed, in versions.",
            pathParameters: [
                "id": "The id of the process definition.",
                "key": "The key of the process definition: the process's id in its model. The latest version is meant.",
                "tenant-id": "The tenant that the definition belongs to.",
            ],
            lists: [
                OpenAPIList(
                    "/process-definition",
                    "process definitions",
                    of: "ProcessDefinition",
                    filters: "ProcessDefinitionFilters",
                    sortedBy: DefinitionQuery.Field.self,
                    names: .init("getProcessDefinitions", "getProcessDefinitionsCount")
                )
            ],
            operations: processDefinitions + models + starts + changes,
            answers: processDefinitionAnswers,
            requests: processDefinitionRequests
        )
    }

    private static var processDefinitions: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/process-definition/{id}",
                "getProcessDefinition",
                "Get a definition",
                answers: [.ok("ProcessDefinition")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/process-definition/key/{key}",
                "getProcessDefinitionByKey",
                "Get the latest definition with a key",
                "Of those that belong to no tenant.",
                answers: [.ok("ProcessDefinition")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/process-definition/key/{key}/tenant-id/{tenant-id}",
                "getLatestProcessDefinitionByTenantId",
                "Get the latest definition of a tenant",
                answers: [.ok("ProcessDefinition")],
                errors: [.notFound]
            ),
        ]
    }

    private static var models: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/process-definition/{id}/xml",
                "getProcessDefinitionBpmn20Xml",
                "Get the model of a definition",
                answers: [.ok("ProcessModel")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/process-definition/key/{key}/xml",
                "getProcessDefinitionBpmn20XmlByKey",
                "Get the model of the latest definition with a key",
                answers: [.ok("ProcessModel")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/process-definition/key/{key}/tenant-id/{tenant-id}/xml",
                "getProcessDefinitionBpmn20XmlByKeyAndTenantId",
                "Get the model of the latest definition of a tenant",
                answers: [.ok("ProcessModel")],
                errors: [.notFound]
            ),
        ]
    }

    private static var starts: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .post,
                "/process-definition/{id}/start",
                "startProcessInstance",
                "Start an instance",
                "Runs until there is nothing left to do but to wait. An unknown id is answered with 500.",
                body: "StartProcessInstance",
                answers: [.ok("StartedProcessInstance", "The instance; it may have ended already.")]
            ),
            OpenAPIOperation(
                .post,
                "/process-definition/key/{key}/start",
                "startProcessInstanceByKey",
                "Start an instance of the latest version",
                "Of the definitions that belong to no tenant.",
                body: "StartProcessInstance",
                answers: [.ok("StartedProcessInstance", "The instance; it may have ended already.")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/process-definition/key/{key}/tenant-id/{tenant-id}/start",
                "startProcessInstanceByKeyAndTenantId",
                "Start an instance of a tenant's latest version",
                body: "StartProcessInstance",
                answers: [.ok("StartedProcessInstance", "The instance; it may have ended already.")],
                errors: [.notFound]
            ),
        ]
    }

    private static var changes: [OpenAPIOperation] {
        let cascade = OpenAPIParameter.flag("cascade", "Whether its instances and their history go with it.")
        return [
            OpenAPIOperation(
                .delete,
                "/process-definition/{id}",
                "deleteProcessDefinition",
                "Delete a definition",
                "Refused while instances run, unless `cascade` takes them along.",
                query: [cascade],
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/process-definition/key/{key}",
                "deleteProcessDefinitionsByKey",
                "Delete all versions of a key",
                "Of those that belong to no tenant.",
                query: [cascade],
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/process-definition/key/{key}/tenant-id/{tenant-id}",
                "deleteProcessDefinitionsByKeyAndTenantId",
                "Delete all versions of a key of a tenant",
                query: [cascade],
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/process-definition/suspended",
                "updateProcessDefinitionSuspensionState",
                "Suspend or activate all versions of a key",
                "The key is in the body. Takes effect at once.",
                body: "DefinitionSuspension",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/process-definition/{id}/suspended",
                "updateProcessDefinitionSuspensionStateById",
                "Suspend or activate a definition",
                "Nothing can be started of one that is suspended.",
                body: "DefinitionSuspension",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/process-definition/key/{key}/suspended",
                "updateProcessDefinitionSuspensionStateByKey",
                "Suspend or activate the latest version of a key",
                "Of those that belong to no tenant.",
                body: "DefinitionSuspension",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/process-definition/key/{key}/tenant-id/{tenant-id}/suspended",
                "updateProcessDefinitionSuspensionStateByKeyAndTenantId",
                "Suspend or activate a tenant's latest version of a key",
                body: "DefinitionSuspension",
                answers: [.noContent],
                errors: [.notFound]
            ),
        ]
    }

    private static let processDefinitionAnswers = #"""
        {
            "ProcessDefinition": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "key": {"type": "string", "description": "The process's id in its model."},
                    "category": {"type": "string", "nullable": true, "description": "The model's target namespace."},
                    "description": {"type": "string", "nullable": true},
                    "name": {"type": "string", "nullable": true},
                    "version": {"type": "integer", "format": "int32"},
                    "resource": {"type": "string", "description": "The name of the file."},
                    "deploymentId": {"type": "string"},
                    "diagram": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "tenantId": {"type": "string", "nullable": true},
                    "versionTag": {"type": "string", "nullable": true},
                    "historyTimeToLive": {
                        "type": "integer", "format": "int32", "nullable": true,
                        "description": "Days for which the history of ended instances is kept."
                    },
                    "startableInTasklist": {"type": "boolean"}
                }
            },
            "ProcessModel": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "bpmn20Xml": {"type": "string", "description": "The file as it was deployed."}
                }
            },
            "StartedProcessInstance": {
                "type": "object",
                "x-optional": ["variables"],
                "description": "`variables` is there when it was asked for.",
                "properties": {
                    "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
                    "id": {"type": "string"},
                    "definitionId": {"type": "string"},
                    "businessKey": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "ended": {"type": "boolean", "description": "Whether there was nothing to wait for."},
                    "suspended": {"type": "boolean"},
                    "tenantId": {"type": "string", "nullable": true},
                    "definitionKey": {"type": "string"},
                    "variables": {"$ref": "#/components/schemas/Variables"}
                }
            }
        }
        """#

    private static let processDefinitionRequests = #"""
        {
            "DefinitionSuspension": {
                "type": "object",
                "properties": {
                    "suspended": {"type": "boolean", "description": "False activates."},
                    "includeProcessInstances": {
                        "type": "boolean", "description": "Whether the running instances change with it."
                    },
                    "processDefinitionKey": {
                        "type": "string", "description": "Whose versions are meant; only where the path names none."
                    }
                }
            },
            "ProcessDefinitionFilters": {
                "type": "object",
                "properties": {
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "name": {"type": "string"},
                    "nameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "deploymentId": {"type": "string"},
                    "deployedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "deployedAt": {"$ref": "#/components/schemas/DateTime"},
                    "key": {"type": "string"},
                    "keysIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "keyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "category": {"type": "string"},
                    "categoryLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "version": {"type": "integer", "format": "int32"},
                    "latestVersion": {"type": "boolean", "description": "Only the latest version of each key."},
                    "resourceName": {"type": "string"},
                    "resourceNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
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
                    "includeProcessDefinitionsWithoutTenantId": {
                        "type": "boolean",
                        "description": "With `tenantIdIn`: also what belongs to no tenant."
                    },
                    "versionTag": {"type": "string"},
                    "versionTagLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "withoutVersionTag": {
                        "type": "boolean",
                        "description": "Only definitions without a version tag."
                    },
                    "startableInTasklist": {
                        "type": "boolean",
                        "description": "Only definitions that people may start from a task list."
                    },
                    "notStartableInTasklist": {
                        "type": "boolean",
                        "description": "Only definitions that people may not start from a task list."
                    }
                }
            },
            "StartProcessInstance": {
                "type": "object",
                "properties": {
                    "businessKey": {"type": "string"},
                    "variables": {"$ref": "#/components/schemas/VariableInputs"},
                    "withVariablesInReturn": {
                        "type": "boolean",
                        "description": "Whether the answer has the variables."
                    }
                }
            }
        }
        """#
}
