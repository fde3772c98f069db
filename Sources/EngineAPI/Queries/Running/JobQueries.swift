import EngineStore
import JSON

extension RouteTable {
    /// Reading jobs and job definitions.
    ///
    /// There are none yet, so every list is empty; what cannot be a question is refused all the same.
    mutating func addJobQueries() {
        addEmptyList("/job", sortedBy: JobField.self)
        get("/job/{id}") { call in throw APIError.notFound("Job with id \(call.path["id"]) does not exist") }
        addEmptyList("/job-definition", sortedBy: JobDefinitionField.self)
        get("/job-definition/{id}") { call in
            throw APIError.notFound("Job Definition with id \(call.path["id"]) does not exist")
        }
    }

    private mutating func addEmptyList<Field: SortField>(_ path: String, sortedBy field: Field.Type) {
        get(path) { call in try Self.emptyList(call, Filters(call.query), Field.self) }
        get(path + "/count") { call in try Self.zero(Filters(call.query), Field.self) }
        post(path, produces: .json) { call in
            try Self.emptyList(call, Filters(try await call.fields()), Field.self)
        }
        post(path + "/count", produces: .json) { call in try Self.zero(Filters(try await call.fields()), Field.self) }
    }

    private static func emptyList<Field: SortField>(
        _ call: Call,
        _ filters: Filters,
        _ field: Field.Type
    ) throws -> Answer {
        _ = try call.query.page()
        _ = try filters.sorting(by: field)
        return .json { writer in
            writer.beginArray()
            writer.endArray()
        }
    }

    private static func zero<Field: SortField>(_ filters: Filters, _ field: Field.Type) throws -> Answer {
        _ = try filters.sorting(by: field)
        return .count(0)
    }
}

enum JobField: String, SortField {
    case jobId, executionId, processInstanceId, processDefinitionId, processDefinitionKey, jobPriority, jobRetries
    case jobDueDate, tenantId

    var column: StaticString { "" }
}

enum JobDefinitionField: String, SortField {
    case jobDefinitionId, activityId, processDefinitionId, processDefinitionKey, jobType, jobConfiguration, tenantId

    var column: StaticString { "" }
}
