import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// The history of incidents.
    static var historicIncident: Self {
        Self(
            tag: "Historic incident",
            description: "Incidents, those that are open included.",
            lists: [
                OpenAPIList(
                    "/history/incident",
                    "incidents",
                    of: "HistoricIncident",
                    filters: "HistoricIncidentFilters",
                    sortedBy: HistoricIncidentQuery.Field.self,
                    names: .init(
                        "getHistoricIncidents",
                        "getHistoricIncidentsCount"
                    )
                )
            ],
            operations: [],
            answers: historicIncidentAnswers,
            requests: historicIncidentRequests
        )
    }

    private static let historicIncidentAnswers = #"""
        {
            "HistoricIncident": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "rootProcessInstanceId": {"type": "string", "nullable": true},
                    "createTime": {"$ref": "#/components/schemas/DateTime"},
                    "endTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "incidentType": {"type": "string"},
                    "activityId": {"type": "string", "nullable": true},
                    "failedActivityId": {"type": "string", "nullable": true},
                    "causeIncidentId": {"type": "string"},
                    "rootCauseIncidentId": {"type": "string"},
                    "configuration": {"type": "string", "nullable": true},
                    "historyConfiguration": {"type": "string", "nullable": true},
                    "incidentMessage": {"type": "string", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true},
                    "jobDefinitionId": {"type": "string", "nullable": true},
                    "open": {"type": "boolean"},
                    "deleted": {"type": "boolean"},
                    "resolved": {"type": "boolean"},
                    "annotation": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let historicIncidentRequests = #"""
        {
            "HistoricIncidentFilters": {
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
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceId": {"type": "string"},
                    "executionId": {"type": "string"},
                    "createTimeBefore": {"$ref": "#/components/schemas/DateTime"},
                    "createTimeAfter": {"$ref": "#/components/schemas/DateTime"},
                    "endTimeBefore": {"$ref": "#/components/schemas/DateTime"},
                    "endTimeAfter": {"$ref": "#/components/schemas/DateTime"},
                    "activityId": {"type": "string"},
                    "failedActivityId": {"type": "string"},
                    "causeIncidentId": {"type": "string"},
                    "rootCauseIncidentId": {"type": "string"},
                    "configuration": {
                        "type": "string",
                        "description": "What the incident is about: for a failed external task or job its id."
                    },
                    "historyConfiguration": {
                        "type": "string",
                        "description": "The log entry that the incident came with."
                    },
                    "open": {"type": "boolean", "description": "Only incidents that are open."},
                    "resolved": {"type": "boolean", "description": "Only incidents that were resolved."},
                    "deleted": {"type": "boolean", "description": "Only incidents whose work was deleted."},
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
