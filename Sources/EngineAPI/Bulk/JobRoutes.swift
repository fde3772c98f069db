import EngineCore
import EngineRuntime
import EngineStore
import Expressions
import HTTPTypes
import JSON

extension RouteTable {
    /// Jobs and job definitions: reading them, carrying jobs out on demand, and letting failed ones go on.
    mutating func addJobs() {
        addList("/job", .jobs)
        get("/job/{id}") { call in
            guard let job = try await Self.job(call) else {
                throw APIError.notFound("Job with id \(call.path["id"]) does not exist")
            }
            return .json { job.write(to: &$0) }
        }
        get("/job/{id}/stacktrace", produces: .kinds([.text])) { call in
            guard let job = try await Self.job(call) else {
                throw APIError.notFound("No job found with id \(call.path["id"]): job is null")
            }
            return job.exceptionMessage.map { .text($0) } ?? .noContent
        }
        post("/job/{id}/execute", consumes: .anything) { call in
            switch try await call.engine.executeJob(call.path["id"]) {
            case .done: return .noContent
            case .failed(let message): throw APIError.notFound(message)
            case nil: throw APIError.notFound("No job found with id '\(call.path["id"])'")
            }
        }
        put("/job/{id}/retries") { call in
            let (retries, dueDate) = try await call.jobRetries()
            guard try await call.engine.setJobRetries(call.path["id"], retries, dueDate: dueDate) else {
                throw APIError.unknownJob(call.path["id"])
            }
            return .noContent
        }
        addJobChanges()
        delete("/job/{id}") { call in
            guard try await call.engine.deleteJob(call.path["id"]) else {
                throw APIError.notFound("No job found with id '\(call.path["id"])': job is null")
            }
            return .noContent
        }
        addList("/job-definition", .jobDefinitions)
        get("/job-definition/{id}") { call in
            guard let definition = try await Self.definition(call) else {
                throw APIError.notFound("Job Definition with id \(call.path["id"]) does not exist")
            }
            return .json { definition.write(to: &$0) }
        }
        put("/job-definition/{id}/retries") { call in
            let (retries, dueDate) = try await call.jobRetries()
            guard try await Self.definition(call) != nil else {
                throw APIError.invalidRequest(
                    "No job definition found with id '\(call.path["id"])'",
                    status: .internalServerError
                )
            }
            try await call.engine.setFailedJobRetries(ofDefinition: call.path["id"], retries, dueDate: dueDate)
            return .noContent
        }
    }

    /// When a job is carried out, and whether at all.
    private mutating func addJobChanges() {
        put("/job/suspended") { call in
            let fields = try await call.fields()
            let isSuspended = try fields.bool("suspended")
            guard let definition = try fields.jobSelection() else { return .noContent }
            try await call.engine.suspendJobs(ofDefinition: definition, isSuspended: isSuspended)
            return .noContent
        }
        put("/job/{id}/suspended") { call in
            let isSuspended = try await call.fields().bool("suspended")
            try await call.engine.suspendJob(call.path["id"], isSuspended: isSuspended)
            return .noContent
        }
        put("/job/{id}/duedate") { call in
            let fields = try await call.fields()
            // Only timers are repeated, and have dates that change along.
            _ = try fields.optionalBool("cascade")
            guard try await call.engine.setJobDueDate(call.path["id"], fields.date("duedate")) else {
                throw APIError.unknownJob(call.path["id"])
            }
            return .noContent
        }
        put("/job/{id}/priority") { call in
            guard let priority = try await call.fields().optionalInt64("priority") else {
                let message = "Priority for job '\(call.path["id"])' cannot be null."
                throw APIError(.badRequest, "RestException", message)
            }
            guard try await call.engine.setJobPriority(call.path["id"], priority) else {
                throw APIError.notFound("No job found with id '\(call.path["id"])': job is null")
            }
            return .noContent
        }
    }

    private static func job(_ call: Call) async throws -> JobView? {
        var query = JobQuery()
        query.jobID = call.path["id"]
        return try await call.engine.jobs(query).first
    }

    private static func definition(_ call: Call) async throws -> JobDefinitionView? {
        var query = JobDefinitionQuery()
        query.jobDefinitionID = call.path["id"]
        return try await call.engine.jobDefinitions(query).first
    }
}

extension Call {
    /// The number of attempts in a body, and the due date, if one is given: nil within for none.
    ///
    /// - Throws: ``APIError`` when the number is missing or negative.
    fileprivate func jobRetries() async throws -> (Int32, dueDate: Instant??) {
        let fields = try await fields()
        guard let retries = try fields.optionalInt32("retries") else {
            throw APIError.nullPointer("The number of retries is null")
        }
        guard retries >= 0 else {
            throw APIError.invalidRequest(
                "The number of job retries must be a non-negative Integer, but '\(retries)' has been provided.",
                status: .internalServerError
            )
        }
        return (retries, fields.has("dueDate") ? .some(try fields.date("dueDate")) : nil)
    }
}

extension JSONFields {
    /// The definition whose jobs are named; nil for those of processes, which have none.
    ///
    /// - Throws: ``APIError`` unless exactly one thing says which jobs.
    fileprivate func jobSelection() throws(APIError) -> String? {
        let definition = try string("jobDefinitionId")
        var given = definition == nil ? 0 : 1
        for name in ["processInstanceId", "processDefinitionId", "processDefinitionKey"] where try string(name) != nil {
            given += 1
        }
        guard given == 1, try string("jobId") == nil else {
            throw .invalidRequest(
                """
                Exactly one of jobDefinitionId, processInstanceId, processDefinitionId and processDefinitionKey must be \
                set, and no jobId
                """
            )
        }
        return definition
    }
}

extension APIError {
    /// The job to change is not there.
    fileprivate static func unknownJob(_ id: String) -> APIError {
        .invalidRequest("No job found with id '\(id)'.", status: .internalServerError)
    }
}

extension ListOperation<JobQuery> {
    static let jobs = Self(
        read: { (filters, query) throws(APIError) in
            query.jobID = try filters.text("jobId")
            query.jobIDs = try filters.texts("jobIds")
            query.jobDefinitionID = try filters.text("jobDefinitionId")
            query.withRetriesLeft = try filters.flag("withRetriesLeft")
            query.noRetriesLeft = try filters.flag("noRetriesLeft")
            query.isExecutable = try filters.flag("executable")
            query.withException = try filters.flag("withException")
            query.exceptionMessage = try filters.text("exceptionMessage")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.priorityAtLeast = try filters.int64("priorityHigherThanOrEquals")
            query.priorityAtMost = try filters.int64("priorityLowerThanOrEquals")
            query.tenants = try filters.tenants(including: "includeJobsWithoutTenantId")
            let created = try filters.bounds("createTimes", of: "created date")
            (query.createdBefore, query.createdAfter) = (created.before, created.after)
            let due = try filters.bounds("dueDates", of: "due date")
            (query.dueBefore, query.dueAfter) = (due.before, due.after)
            // No job belongs to an instance or is a timer, and none is reserved before it is carried out.
            query.matchesNothing = filters.has(
                "processInstanceId",
                "processInstanceIds",
                "executionId",
                "processDefinitionId",
                "processDefinitionKey",
                "activityId",
                "failedActivityId",
                "timers",
                "acquired"
            )
        },
        list: { try await $0.jobs($1) },
        count: { try await $0.jobCount($1) },
        write: { job, _, writer in job.write(to: &writer) }
    )
}

extension ListOperation<JobDefinitionQuery> {
    static let jobDefinitions = Self(
        read: { (filters, query) throws(APIError) in
            query.jobDefinitionID = try filters.text("jobDefinitionId")
            query.jobType = try filters.text("jobType")
            query.jobConfiguration = try filters.text("jobConfiguration")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.tenants = try filters.tenants(including: "includeJobDefinitionsWithoutTenantId")
            query.matchesNothing = filters.has(
                "activityIdIn",
                "processDefinitionId",
                "processDefinitionKey",
                "withOverridingJobPriority"
            )
        },
        list: { try await $0.jobDefinitions($1) },
        count: { try await $0.jobDefinitionCount($1) },
        write: { definition, _, writer in definition.write(to: &writer) }
    )
}

extension JobView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("jobDefinitionId", jobDefinition.description)
        writer.member("dueDate", dueDate)
        writer.nulls("processInstanceId", "processDefinitionId", "processDefinitionKey", "executionId")
        writer.member("retries", retries)
        writer.member("exceptionMessage", exceptionMessage)
        writer.nulls("failedActivityId")
        writer.member("suspended", isSuspended)
        writer.member("priority", priority)
        writer.member("tenantId", tenantID)
        writer.member("createTime", createTime)
        writer.member("batchId", batchID.description)
        writer.endObject()
    }
}

extension JobDefinitionView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.nulls("processDefinitionId", "processDefinitionKey")
        writer.member("jobType", type)
        writer.member("jobConfiguration", batchID.description)
        writer.nulls("activityId")
        writer.member("suspended", isSuspended)
        writer.nulls("overridingJobPriority")
        writer.member("tenantId", tenantID)
        writer.nulls("deploymentId")
        writer.endObject()
    }
}
