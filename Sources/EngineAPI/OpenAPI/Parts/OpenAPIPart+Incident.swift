import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Open incidents.
    static var incident: Self {
        Self(
            tag: "Incident",
            description: "Work that cannot go on until somebody does something about it.",
            pathParameters: ["id": "The id of the incident."],
            lists: [
                OpenAPIList(
                    "/incident",
                    "open incidents",
                    of: "Incident",
                    filters: "IncidentFilters",
                    sortedBy: IncidentQuery.Field.self,
                    names: .init("getIncidents", "getIncidentsCount")
                )
            ],
            operations: [
                OpenAPIOperation(
                    .get,
                    "/incident/{id}",
                    "getIncident",
                    "Get an incident",
                    answers: [.ok("Incident")],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .delete,
                    "/incident/{id}",
                    "resolveIncident",
                    "Resolve an incident",
                    "An incident of a task ends with its cause only: this is refused.",
                    answers: [],
                    errors: [.notFound]
                ),
                OpenAPIOperation(
                    .put,
                    "/incident/{id}/annotation",
                    "setIncidentAnnotation",
                    "Annotate an incident",
                    "An incident that is not open is refused with 400.",
                    body: "Annotation",
                    answers: [.noContent]
                ),
                OpenAPIOperation(
                    .delete,
                    "/incident/{id}/annotation",
                    "clearIncidentAnnotation",
                    "Clear the annotation of an incident",
                    "An incident that is not open is refused with 400.",
                    answers: [.noContent]
                ),
            ],
            answers: incidentAnswers,
            requests: incidentRequests
        )
    }

    private static let incidentAnswers = #"""
        {
            "Incident": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "incidentTimestamp": {"$ref": "#/components/schemas/DateTime"},
                    "incidentType": {"type": "string"},
                    "activityId": {"type": "string", "nullable": true},
                    "failedActivityId": {"type": "string", "nullable": true},
                    "causeIncidentId": {"type": "string"},
                    "rootCauseIncidentId": {"type": "string"},
                    "configuration": {
                        "type": "string", "nullable": true,
                        "description": "What it is about: for a failed external task or job its id."
                    },
                    "incidentMessage": {"type": "string", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true},
                    "jobDefinitionId": {"type": "string", "nullable": true},
                    "annotation": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let incidentRequests = #"""
        {
            "Annotation": {
                "type": "object",
                "properties": {
                    "annotation": {
                        "type": "string", "nullable": true,
                        "description": "What is noted, in at most 4,000 UTF-16 units; null or missing clears it."
                    }
                }
            },
            "IncidentFilters": {
                "type": "object",
                "properties": {
                    "incidentId": {"type": "string"},
                    "incidentType": {"type": "string"},
                    "incidentMessage": {"type": "string"},
                    "incidentMessageLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "incidentTimestampBefore": {"$ref": "#/components/schemas/DateTime"},
                    "incidentTimestampAfter": {"$ref": "#/components/schemas/DateTime"},
                    "activityId": {"type": "string"},
                    "failedActivityId": {"type": "string"},
                    "causeIncidentId": {"type": "string"},
                    "rootCauseIncidentId": {"type": "string"},
                    "configuration": {
                        "type": "string",
                        "description": "What the incident is about: for a failed external task or job its id."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "jobDefinitionIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    }
                }
            }
        }
        """#
}
