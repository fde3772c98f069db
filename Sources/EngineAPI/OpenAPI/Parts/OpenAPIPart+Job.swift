import HTTPTypes

extension OpenAPIPart {
    /// Jobs and job definitions.
    static var job: Self {
        Self(
            tag: "Job",
            description: "Work that a process does by itself. There is none yet.",
            placeholders: ["id": "The id of the job or the job definition."],
            lists: [
                OpenAPIList(
                    "/job",
                    "jobs",
                    of: "Job",
                    filters: "JobFilters",
                    sortedBy: JobField.self,
                    names: .init("getJobs", "getJobsCount", query: "queryJobs", queryCount: "queryJobsCount")
                ),
                OpenAPIList(
                    "/job-definition",
                    "job definitions",
                    of: "JobDefinition",
                    filters: "JobDefinitionFilters",
                    sortedBy: JobDefinitionField.self,
                    names: .init(
                        "getJobDefinitions",
                        "getJobDefinitionsCount",
                        query: "queryJobDefinitions",
                        queryCount: "queryJobDefinitionsCount"
                    )
                ),
            ],
            operations: [
                OpenAPIOperation(.get, "/job/{id}", "getJob", "Get a job", answers: [], errors: [.notFound]),
                OpenAPIOperation(
                    .get,
                    "/job-definition/{id}",
                    "getJobDefinition",
                    "Get a job definition",
                    answers: [],
                    errors: [.notFound]
                ),
            ],
            answers: #"""
                {
                    "Job": {"type": "object", "properties": {}, "description": "There are none yet."},
                    "JobDefinition": {"type": "object", "properties": {}, "description": "There are none yet."}
                }
                """#,
            requests: #"""
                {
                    "JobFilters": {"type": "object", "properties": {}},
                    "JobDefinitionFilters": {"type": "object", "properties": {}}
                }
                """#
        )
    }
}
