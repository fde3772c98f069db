import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// Jobs and job definitions.
    static var job: Self {
        Self(
            tag: "Job",
            description: "Work that the server does by itself: so far, that of batches.",
            pathParameters: ["id": "The id of the job or the job definition."],
            lists: [
                OpenAPIList(
                    "/job",
                    "jobs",
                    of: "Job",
                    filters: "JobFilters",
                    sortedBy: JobQuery.Field.self,
                    names: .init("getJobs", "getJobsCount", query: "queryJobs", queryCount: "queryJobsCount")
                ),
                OpenAPIList(
                    "/job-definition",
                    "job definitions",
                    of: "JobDefinition",
                    filters: "JobDefinitionFilters",
                    sortedBy: JobDefinitionQuery.Field.self,
                    names: .init(
                        "getJobDefinitions",
                        "getJobDefinitionsCount",
                        query: "queryJobDefinitions",
                        queryCount: "queryJobDefinitionsCount"
                    )
                ),
            ],
            operations: jobOperations,
            answers: jobAnswers,
            requests: jobRequests
        )
    }

    private static var jobOperations: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/job/{id}",
                "getJob",
                "Get a job",
                answers: [.ok("Job")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/job/{id}",
                "deleteJob",
                "Delete a job",
                "Its batch counts it as done.",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/job/{id}/execute",
                "executeJob",
                "Carry out a job now",
                "One that fails has one attempt less, and is answered with 404 and the reason, as in the contract.",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/job/{id}/retries",
                "setJobRetries",
                "Set the attempts that a job has left",
                """
                0 raises an incident, more resolves it. A due date, also null, is set, too. An unknown job is answered with \
                500, as in the contract.
                """,
                body: "JobRetries",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .put,
                "/job/{id}/duedate",
                "setJobDuedate",
                "Set when a job is due",
                """
                It is not carried out by itself before that moment, and some seconds after it at the latest. null is at \
                once. An unknown job is answered with 500, as in the contract.
                """,
                body: "JobDueDate",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .put,
                "/job/{id}/priority",
                "setJobPriority",
                "Set the priority of a job",
                "Lists show it and are sorted by it. A batch is carried out in the order of its jobs all the same.",
                body: "Priority",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/job/{id}/suspended",
                "updateJobSuspensionState",
                "Suspend or activate a job",
                "A job is also suspended as long as its batch is. An unknown job is no error, as in the contract.",
                body: "Suspension",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .put,
                "/job/suspended",
                "updateSuspensionStateBy",
                "Suspend or activate the jobs of a definition or a process",
                "Those that there are now. No job belongs to a process yet.",
                body: "JobsSuspension",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .get,
                "/job/{id}/stacktrace",
                "getStacktrace",
                "Get why a job failed last",
                answers: [.text("The reason."), .noContent("It did not fail.")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/job-definition/{id}",
                "getJobDefinition",
                "Get a job definition",
                answers: [.ok("JobDefinition")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/job-definition/{id}/retries",
                "setJobRetriesJobDefinition",
                "Set the attempts of all jobs of a definition that have none left",
                body: "JobRetries",
                answers: [.noContent]
            ),
        ]
    }

    private static let jobAnswers = #"""
        {
            "Job": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "jobDefinitionId": {"type": "string"},
                    "dueDate": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "retries": {"type": "integer", "format": "int32", "description": "Attempts left."},
                    "exceptionMessage": {
                        "type": "string", "nullable": true, "description": "Why it failed last."
                    },
                    "failedActivityId": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "priority": {"type": "integer", "format": "int64"},
                    "tenantId": {"type": "string", "nullable": true},
                    "createTime": {"$ref": "#/components/schemas/DateTime"},
                    "batchId": {"type": "string"}
                }
            },
            "JobDefinition": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processDefinitionKey": {"type": "string", "nullable": true},
                    "jobType": {"type": "string"},
                    "jobConfiguration": {"type": "string", "description": "The id of the batch."},
                    "activityId": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "overridingJobPriority": {"type": "integer", "format": "int64", "nullable": true},
                    "tenantId": {"type": "string", "nullable": true},
                    "deploymentId": {"type": "string", "nullable": true}
                }
            }
        }
        """#

    private static let jobRequests = #"""
        {
            "JobRetries": {
                "type": "object", "required": ["retries"],
                "properties": {
                    "retries": {"type": "integer", "format": "int32", "minimum": 0},
                    "dueDate": {"$ref": "#/components/schemas/DateTimeOrNull"}
                }
            },
            "JobDueDate": {
                "type": "object",
                "properties": {
                    "duedate": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "cascade": {"type": "boolean", "description": "Of timers: no job is one."}
                }
            },
            "JobsSuspension": {
                "type": "object",
                "description": "Which jobs, by exactly one member, and what becomes of them.",
                "properties": {
                    "jobDefinitionId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionTenantId": {"type": "string"},
                    "processDefinitionWithoutTenantId": {"type": "boolean"},
                    "suspended": {"type": "boolean", "description": "false when missing: to activate."}
                }
            },
            "MomentCondition": {
                "type": "object", "required": ["operator", "value"],
                "properties": {
                    "operator": {"type": "string", "enum": ["gt", "lt"], "description": "After or before."},
                    "value": {"$ref": "#/components/schemas/DateTime"}
                }
            },
            "JobFilters": {
                "type": "object",
                "properties": {
                    "jobId": {"type": "string"},
                    "jobIds": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "jobDefinitionId": {"type": "string"},
                    "processInstanceId": {"type": "string", "description": "No job has one: matches nothing."},
                    "processInstanceIds": {
                        "type": "array", "items": {"type": "string"},
                        "description": "No job has one: matches nothing."
                    },
                    "executionId": {"type": "string", "description": "No job has one: matches nothing."},
                    "processDefinitionId": {"type": "string", "description": "No job has one: matches nothing."},
                    "processDefinitionKey": {"type": "string", "description": "No job has one: matches nothing."},
                    "activityId": {"type": "string", "description": "No job has one: matches nothing."},
                    "failedActivityId": {"type": "string", "description": "No job has one: matches nothing."},
                    "withRetriesLeft": {"type": "boolean", "description": "Only jobs with attempts left."},
                    "noRetriesLeft": {"type": "boolean", "description": "Only jobs without attempts left."},
                    "executable": {
                        "type": "boolean", "description": "Only jobs with attempts left that are due and not suspended."
                    },
                    "timers": {"type": "boolean", "description": "No job is one: matches nothing."},
                    "messages": {"type": "boolean", "description": "Only jobs that are no timers: all."},
                    "dueDates": {
                        "type": "array", "items": {"$ref": "#/components/schemas/MomentCondition"},
                        "description": "When it is due: satisfies all of these."
                    },
                    "createTimes": {
                        "type": "array", "items": {"$ref": "#/components/schemas/MomentCondition"},
                        "description": "When it was made: satisfies all of these."
                    },
                    "withException": {"type": "boolean", "description": "Only jobs that failed."},
                    "exceptionMessage": {"type": "string"},
                    "active": {"type": "boolean", "description": "Only jobs that are not suspended."},
                    "suspended": {"type": "boolean", "description": "Only jobs that are suspended."},
                    "priorityLowerThanOrEquals": {"type": "integer", "format": "int64"},
                    "priorityHigherThanOrEquals": {"type": "integer", "format": "int64"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "includeJobsWithoutTenantId": {
                        "type": "boolean", "description": "With `tenantIdIn`: also what belongs to no tenant."
                    },
                    "acquired": {"type": "boolean", "description": "No job is reserved: matches nothing."}
                }
            },
            "JobDefinitionFilters": {
                "type": "object",
                "properties": {
                    "jobDefinitionId": {"type": "string"},
                    "activityIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "processDefinitionId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "processDefinitionKey": {
                        "type": "string", "description": "Nothing here has one: matches nothing."
                    },
                    "jobType": {"type": "string"},
                    "jobConfiguration": {"type": "string", "description": "The id of the batch."},
                    "active": {"type": "boolean", "description": "Only those that are not suspended."},
                    "suspended": {"type": "boolean", "description": "Only those that are suspended."},
                    "withOverridingJobPriority": {
                        "type": "boolean", "description": "Nothing here has one: matches nothing."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "includeJobDefinitionsWithoutTenantId": {
                        "type": "boolean", "description": "With `tenantIdIn`: also what belongs to no tenant."
                    }
                }
            }
        }
        """#
}
