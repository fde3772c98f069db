import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading and annotating open incidents, and the refusal to end one by hand.
    mutating func addIncidentQueries() {
        addList("/incident", alsoByPost: false, .incidents)
        get("/incident/{id}") { call in
            guard let incident = try await Self.incident(call) else {
                throw APIError.notFound("No matching incident with id \(call.path["id"])")
            }
            return .json { incident.write(to: &$0) }
        }
        delete("/incident/{id}") { call in
            guard let incident = try await Self.incident(call) else {
                throw APIError.notFound("Cannot find an incident with id '\(call.path["id"])': incident is null")
            }
            // What made it ends it: every incident belongs to work that cannot go on.
            throw APIError.invalidRequest("Cannot resolve an incident of type \(incident.type)")
        }
    }

    /// What somebody notes about an incident stays with it.
    mutating func addIncidentCommands() {
        put("/incident/{id}/annotation") { call in
            let annotation = try await call.fields().string("annotation")
            return try await call.annotateIncident(annotation)
        }
        delete("/incident/{id}/annotation") { try await $0.annotateIncident(nil) }
    }

    private static func incident(_ call: Call) async throws -> IncidentView? {
        var query = IncidentQuery()
        query.incidentID = call.path["id"]
        return try await call.engine.incidents(query).first
    }
}

extension Call {
    fileprivate func annotateIncident(_ annotation: String?) async throws -> Answer {
        guard try await engine.annotateIncident(path["id"], annotation) else {
            throw APIError(.badRequest, "BadUserRequestException", "incident is null", code: 0)
        }
        return .noContent
    }
}

extension ListOperation<IncidentQuery> {
    static let incidents = Self(
        read: { (filters, query) throws(APIError) in
            query.incidentID = try filters.text("incidentId")
            query.incidentType = try filters.text("incidentType")
            query.incidentMessage = try filters.text("incidentMessage")
            query.incidentMessageLike = try filters.text("incidentMessageLike")
            query.processDefinitionID = try filters.text("processDefinitionId")
            query.processDefinitionKeyIn = try filters.texts("processDefinitionKeyIn")
            query.processInstanceID = try filters.text("processInstanceId")
            query.executionID = try filters.text("executionId")
            query.timestampBefore = try filters.date("incidentTimestampBefore")
            query.timestampAfter = try filters.date("incidentTimestampAfter")
            query.activityID = try filters.text("activityId")
            query.failedActivityID = try filters.text("failedActivityId")
            query.causeIncidentID = try filters.text("causeIncidentId")
            query.rootCauseIncidentID = try filters.text("rootCauseIncidentId")
            query.configuration = try filters.text("configuration")
            query.tenants = try filters.tenants()
            query.jobDefinitionIDIn = try filters.texts("jobDefinitionIdIn")
        },
        list: { try await $0.incidents($1) },
        count: { try await $0.incidentCount($1) },
        write: { incident, _, writer in incident.write(to: &writer) }
    )
}

extension IncidentView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID?.description)
        writer.member("executionId", executionID?.description)
        writer.member("incidentTimestamp", timestamp)
        writer.member("incidentType", type)
        writer.member("activityId", activityID)
        writer.member("failedActivityId", failedActivityID)
        writer.member("causeIncidentId", causeIncidentID.description)
        writer.member("rootCauseIncidentId", rootCauseIncidentID.description)
        writer.member("configuration", configuration)
        writer.member("incidentMessage", message)
        writer.member("tenantId", tenantID)
        writer.member("jobDefinitionId", jobDefinitionID?.description)
        writer.member("annotation", annotation)
        writer.endObject()
    }
}
