import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Batches and their history.
    static var batch: Self {
        Self(
            tag: "Batch",
            description: "Operations on many things that are carried out in the background, one job for each.",
            pathParameters: ["id": "The id of the batch."],
            lists: [
                OpenAPIList(
                    "/batch",
                    "batches that are not done",
                    of: "Batch",
                    filters: "BatchFilters",
                    sortedBy: BulkField.self,
                    names: .init("getBatches", "getBatchesCount")
                ),
                OpenAPIList(
                    "/batch/statistics",
                    "batches that are not done, and how far they are",
                    of: "BatchStatistics",
                    filters: "BatchFilters",
                    sortedBy: BulkField.self,
                    names: .init("getBatchStatistics", "getBatchStatisticsCount")
                ),
                OpenAPIList(
                    "/history/batch",
                    "batches, done or not",
                    of: "HistoricBatch",
                    filters: "HistoricBatchFilters",
                    sortedBy: HistoricBulkQuery.Field.self,
                    names: .init("getHistoricBatches", "getHistoricBatchesCount")
                ),
            ],
            operations: batchOperations,
            answers: batchAnswers,
            requests: batchRequests
        )
    }

    private static var batchOperations: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/batch/{id}",
                "getBatch",
                "Get a batch that is not done",
                answers: [.ok("Batch")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/batch/{id}",
                "deleteBatch",
                "Delete a batch",
                "What was done stays done; the rest is not done any more.",
                query: [.flag("cascade", "Whether its history goes, too.")],
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .put,
                "/batch/{id}/suspended",
                "updateBatchSuspensionState",
                "Stop a batch, or let it go on",
                body: "BatchSuspension",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .get,
                "/history/batch/{id}",
                "getHistoricBatch",
                "Get a batch, done or not",
                answers: [.ok("HistoricBatch")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/history/batch/{id}",
                "deleteHistoricBatch",
                "Delete the history of a batch",
                answers: [.noContent]
            ),
        ]
    }

    private static let batchAnswers = #"""
        {
            "Batch": {
                "type": "object",
                "properties": {\#(sharedMembers),
                    "jobsCreated": {
                        "type": "integer", "format": "int32", "description": "Jobs that the seed job has made so far."
                    },
                    "suspended": {"type": "boolean"}
                }
            },
            "BatchStatistics": {
                "type": "object",
                "properties": {\#(sharedMembers),
                    "jobsCreated": {
                        "type": "integer", "format": "int32", "description": "Jobs that the seed job has made so far."
                    },
                    "suspended": {"type": "boolean"},
                    "remainingJobs": {
                        "type": "integer", "format": "int32",
                        "description": "Jobs that are not done, those that failed and those to be made included."
                    },
                    "completedJobs": {
                        "type": "integer", "format": "int32", "description": "Jobs that are done or were deleted."
                    },
                    "failedJobs": {
                        "type": "integer", "format": "int32", "description": "Jobs without attempts left."
                    }
                }
            },
            "HistoricBatch": {
                "type": "object",
                "properties": {\#(sharedMembers),
                    "endTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "removalTime": {"$ref": "#/components/schemas/DateTimeOrNull"}
                }
            }
        }
        """#

    private static let sharedMembers = #"""

                    "id": {"type": "string"},
                    "type": {"type": "string", "description": "The kind of operation."},
                    "totalJobs": {"type": "integer", "format": "int32"},
                    "batchJobsPerSeed": {
                        "type": "integer", "format": "int32", "description": "Jobs that one run of the seed job makes."
                    },
                    "invocationsPerBatchJob": {
                        "type": "integer", "format": "int32", "description": "Operations in one job."
                    },
                    "seedJobDefinitionId": {"type": "string"},
                    "monitorJobDefinitionId": {"type": "string"},
                    "batchJobDefinitionId": {"type": "string"},
                    "tenantId": {"type": "string", "nullable": true},
                    "createUserId": {"type": "string", "nullable": true},
                    "startTime": {"$ref": "#/components/schemas/DateTime"},
                    "executionStartTime": {"$ref": "#/components/schemas/DateTimeOrNull"}
        """#

    private static let batchRequests = #"""
        {
            "BatchSuspension": {
                "type": "object", "required": ["suspended"],
                "properties": {"suspended": {"type": "boolean"}}
            },
            "BatchFilters": {
                "type": "object",
                "properties": {
                    "batchId": {"type": "string"},
                    "type": {"type": "string"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "suspended": {
                        "type": "boolean", "description": "Only batches that are suspended, or only those that are not."
                    },
                    "createdBy": {"type": "string", "description": "The user who made the batch."},
                    "startedBefore": {"$ref": "#/components/schemas/DateTime"},
                    "startedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "withFailures": {"type": "boolean", "description": "Only batches with jobs without attempts left."},
                    "withoutFailures": {"type": "boolean", "description": "Only batches without such jobs."}
                }
            },
            "HistoricBatchFilters": {
                "type": "object",
                "properties": {
                    "batchId": {"type": "string"},
                    "type": {"type": "string"},
                    "completed": {
                        "type": "boolean", "description": "Only batches that have ended, or only those that have not."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."}
                }
            }
        }
        """#
}
