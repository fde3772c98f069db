import EngineCore
import EngineRuntime
import EngineStore
import JSON

extension RouteTable {
    /// Batches: reading, stopping and deleting them.
    mutating func addBatches() {
        addList("/batch", alsoByPost: false, .batches)
        addList("/batch/statistics", alsoByPost: false, .batchStatistics)
        get("/batch/{id}") { call in
            var query = BulkQuery()
            query.filter.batchID = call.path["id"]
            guard let batch = try await call.engine.batches(query).first else {
                throw APIError.notFound("Batch with id '\(call.path["id"])' does not exist")
            }
            return .json { $0.object(batch) }
        }
        put("/batch/{id}/suspended") { call in
            guard let isSuspended = try await call.fields().optionalBool("suspended") else {
                throw APIError.nullPointer("The member 'suspended' is null")
            }
            guard try await call.engine.suspendBatch(call.path["id"], isSuspended: isSuspended) else {
                let verb = isSuspended ? "suspend" : "activate"
                throw APIError.invalidRequest("Unable to \(verb) batch with id '\(call.path["id"])'")
            }
            return .noContent
        }
        delete("/batch/{id}") { call in
            guard try await call.engine.deleteBatch(call.path["id"], cascade: call.query.flag("cascade")) else {
                throw APIError.invalidRequest("Unable to delete batch with id '\(call.path["id"])'")
            }
            return .noContent
        }
    }

    /// The history of batches.
    mutating func addHistoricBatches() {
        addList("/history/batch", alsoByPost: false, .historicBatches)
        get("/history/batch/{id}") { call in
            var query = HistoricBulkQuery()
            query.batchID = call.path["id"]
            guard let batch = try await call.engine.historicBatches(query).first else {
                throw APIError.notFound("Historic batch with id '\(call.path["id"])' does not exist")
            }
            return .json { batch.write(to: &$0) }
        }
        delete("/history/batch/{id}") { call in
            guard try await call.engine.deleteHistoricBatch(call.path["id"]) else {
                throw APIError.invalidRequest("Unable to delete historic batch with id '\(call.path["id"])'")
            }
            return .noContent
        }
    }
}

extension ListOperation<BulkQuery> {
    static let batches = Self(
        read: { (filters, query) throws(APIError) in query.filter = try filters.batches() },
        list: { try await $0.batches($1) },
        count: { try await $0.batchCount($1) },
        write: { batch, _, writer in writer.object(batch) }
    )
}

extension ListOperation<BulkStatisticsQuery> {
    static let batchStatistics = Self(
        read: { (filters, query) throws(APIError) in query.filter = try filters.batches() },
        list: { try await $0.batchStatistics($1) },
        count: { try await $0.batchStatisticsCount($1) },
        write: { statistics, _, writer in
            writer.beginObject()
            writer.members(of: statistics.batch)
            writer.member("remainingJobs", statistics.remainingJobs)
            writer.member("completedJobs", statistics.completedJobs)
            writer.member("failedJobs", statistics.failedJobs)
            writer.endObject()
        }
    )
}

extension ListOperation<HistoricBulkQuery> {
    static let historicBatches = Self(
        read: { (filters, query) throws(APIError) in
            query.batchID = try filters.text("batchId")
            query.type = try filters.text("type")
            query.isCompleted = try filters.optionalFlag("completed")
            query.tenants = try filters.tenants()
        },
        list: { try await $0.historicBatches($1) },
        count: { try await $0.historicBatchCount($1) },
        write: { batch, _, writer in batch.write(to: &writer) }
    )
}

extension Filters {
    /// The filters of batches that are not done.
    fileprivate func batches() throws(APIError) -> BulkFilter {
        var filter = BulkFilter()
        filter.batchID = try text("batchId")
        filter.type = try text("type")
        filter.tenants = try tenants()
        filter.isSuspended = try optionalFlag("suspended")
        filter.createdBy = try text("createdBy")
        filter.startedBefore = try date("startedBefore")
        filter.startedAfter = try date("startedAfter")
        let (with, without) = (try flag("withFailures"), try flag("withoutFailures"))
        if with != without { filter.hasFailures = with }
        filter.matchesNothing = with && without
        return filter
    }
}

extension JSONWriter {
    /// Writes a batch that is not done.
    mutating func object(_ batch: BulkView) {
        beginObject()
        members(of: batch)
        endObject()
    }

    fileprivate mutating func members(of batch: BulkView) {
        member("id", batch.id.description)
        member("type", batch.type)
        member("totalJobs", batch.totalJobs)
        member("jobsCreated", batch.jobsCreated)
        member("batchJobsPerSeed", batch.jobsPerSeed)
        member("invocationsPerBatchJob", batch.invocationsPerJob)
        member("seedJobDefinitionId", batch.seedJobDefinition.description)
        member("monitorJobDefinitionId", batch.monitorJobDefinition.description)
        member("batchJobDefinitionId", batch.batchJobDefinition.description)
        member("suspended", batch.isSuspended)
        member("tenantId", batch.tenantID)
        member("createUserId", batch.createUserID)
        member("startTime", batch.startTime)
        member("executionStartTime", batch.executionStartTime)
    }
}

extension HistoricBulkView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("type", type)
        writer.member("totalJobs", totalJobs)
        writer.member("batchJobsPerSeed", jobsPerSeed)
        writer.member("invocationsPerBatchJob", invocationsPerJob)
        writer.member("seedJobDefinitionId", seedJobDefinition.description)
        writer.member("monitorJobDefinitionId", monitorJobDefinition.description)
        writer.member("batchJobDefinitionId", batchJobDefinition.description)
        writer.member("tenantId", tenantID)
        writer.member("createUserId", createUserID)
        writer.member("startTime", startTime)
        writer.member("executionStartTime", executionStartTime)
        writer.member("endTime", endTime)
        writer.member("removalTime", removalTime)
        writer.endObject()
    }
}
