import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Deployments.
    static var deployment: Self {
        Self(
            tag: "Deployment",
            description: "Files that were deployed together.",
            pathParameters: ["id": "The id of the deployment.", "resourceId": "The id of the file."],
            lists: [
                OpenAPIList(
                    "/deployment",
                    "deployments",
                    of: "Deployment",
                    filters: "DeploymentFilters",
                    sortedBy: DeploymentQuery.Field.self,
                    names: .init("getDeployments", "getDeploymentsCount")
                )
            ],
            operations: [
                OpenAPIOperation(
                    .post,
                    "/deployment/create",
                    "createDeployment",
                    "Deploy files",
                    "All of them or none. What is wrong with a model is said with its line and column.",
                    body: "NewDeployment",
                    answers: [.ok("CreatedDeployment", "Deployed; or there already, when duplicates are filtered.")],
                    errors: [.engineError]
                ),
                OpenAPIOperation(
                    .get,
                    "/deployment/{id}",
                    "getDeployment",
                    "Get a deployment",
                    answers: [.ok("Deployment")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .delete,
                    "/deployment/{id}",
                    "deleteDeployment",
                    "Delete a deployment and its definitions",
                    query: [
                        .flag(
                            "cascade",
                            "Also their instances and their history; otherwise there may be none that run."
                        )
                    ],
                    answers: [.noContent],
                    errors: [.notFound, .engineError]
                ),
                OpenAPIOperation(
                    .get,
                    "/deployment/{id}/resources",
                    "getDeploymentResources",
                    "List the files of a deployment",
                    answers: [.list("DeploymentResource", "The files.")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/deployment/{id}/resources/{resourceId}",
                    "getDeploymentResource",
                    "Get a file's name",
                    answers: [.ok("DeploymentResource")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .get,
                    "/deployment/{id}/resources/{resourceId}/data",
                    "getDeploymentResourceData",
                    "Get a file's content",
                    answers: [.content("The file, of the kind that its name ends with.")],
                    errors: [.notFound]
                ),
            ],
            answers: deploymentAnswers,
            requests: deploymentRequests
        )
    }

    private static let deploymentAnswers = #"""
        {
            "Deployment": {
                "type": "object",
                "properties": {
                    "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
                    "id": {"type": "string"},
                    "name": {"type": "string", "nullable": true},
                    "source": {"type": "string", "nullable": true},
                    "deploymentTime": {"$ref": "#/components/schemas/DateTime"},
                    "tenantId": {"type": "string", "nullable": true}
                }
            },
            "CreatedDeployment": {
                "type": "object",
                "properties": {
                    "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
                    "id": {"type": "string"},
                    "name": {"type": "string", "nullable": true},
                    "source": {"type": "string", "nullable": true},
                    "deploymentTime": {"$ref": "#/components/schemas/DateTime"},
                    "tenantId": {"type": "string", "nullable": true},
                    "deployedProcessDefinitions": {
                        "type": "object", "nullable": true,
                        "additionalProperties": {"$ref": "#/components/schemas/ProcessDefinition"},
                        "description": "What is new, by id; null when nothing is."
                    },
                    "deployedCaseDefinitions": {"type": "object", "nullable": true},
                    "deployedDecisionDefinitions": {"type": "object", "nullable": true},
                    "deployedDecisionRequirementsDefinitions": {"type": "object", "nullable": true}
                }
            },
            "DeploymentResource": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "deploymentId": {"type": "string"}
                }
            }
        }
        """#

    private static let deploymentRequests = #"""
        {
            "DeploymentFilters": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "nameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "source": {"type": "string"},
                    "withoutSource": {"type": "boolean", "description": "Only deployments without a source."},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "includeDeploymentsWithoutTenantId": {
                        "type": "boolean",
                        "description": "With `tenantIdIn`: also what belongs to no tenant."
                    },
                    "before": {"$ref": "#/components/schemas/DateTime"},
                    "after": {"$ref": "#/components/schemas/DateTime"}
                }
            },
            "NewDeployment": {
                "type": "object",
                "additionalProperties": {"type": "string", "format": "binary"},
                "properties": {
                    "deployment-name": {"type": "string"},
                    "deployment-source": {"type": "string"},
                    "tenant-id": {"type": "string"},
                    "enable-duplicate-filtering": {
                        "type": "boolean",
                        "description": "Whether nothing is deployed when all files are there already."
                    },
                    "deploy-changed-only": {
                        "type": "boolean",
                        "description": "Whether only files are deployed that are not there already."
                    },
                    "data": {
                        "type": "string", "format": "binary",
                        "description": "A file. Others go into parts with any other names."
                    }
                }
            }
        }
        """#
}
