import EngineStore
import HTTPTypes
import JSON

extension OpenAPIPart {
    /// External tasks.
    static var externalTask: Self {
        Self(
            tag: "External task",
            description: "Work that is done outside: workers fetch it, locked in their name for a time, and report.",
            pathParameters: ["id": "The id of the external task."],
            lists: [
                OpenAPIList(
                    "/external-task",
                    "external tasks",
                    of: "ExternalTask",
                    filters: "ExternalTaskFilters",
                    sortedBy: ExternalTaskQuery.Field.self,
                    names: .init(
                        "getExternalTasks",
                        "getExternalTasksCount",
                        query: "queryExternalTasks",
                        queryCount: "queryExternalTasksCount"
                    )
                )
            ],
            operations: fetching + reports + settings,
            answers: externalTaskAnswers,
            requests: externalTaskRequests
        )
    }

    private static var fetching: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .post,
                "/external-task/fetchAndLock",
                "fetchAndLock",
                "Fetch and lock tasks",
                """
                Takes tasks that nobody holds, until their locks run out. With `asyncResponseTimeout` the answer waits \
                until there are some. What the contract answers to most mistakes in this body is 500.
                """,
                body: "FetchAndLock",
                answers: [.list("LockedExternalTask", "The tasks; none when there are none."), .unavailableOrReplaced]
            ),
            OpenAPIOperation(
                .get,
                "/external-task/{id}",
                "getExternalTask",
                "Get a task",
                answers: [.ok("ExternalTask")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .get,
                "/external-task/{id}/errorDetails",
                "getExternalTaskErrorDetails",
                "Get the details of the last failure",
                "An unknown task is answered with 500, as in the contract.",
                answers: [.text("The details."), .noContent("There are none.")],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .get,
                "/external-task/topic-names",
                "getTopicNames",
                "List the topics that have tasks",
                query: [
                    .flag("withLockedTasks", "Only topics of tasks that a worker holds."),
                    .flag("withUnlockedTasks", "Only topics of tasks that nobody holds."),
                    .flag("withRetriesLeft", "Only topics of tasks that can be tried again."),
                ],
                answers: [.ok(["type": "array", "items": ["type": "string", "nullable": true]], "Each name once.")]
            ),
        ]
    }

    private static var reports: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .post,
                "/external-task/{id}/complete",
                "completeExternalTaskResource",
                "Complete a task",
                "The worker must hold the task; a lock that has run out still counts until another worker has it.",
                body: "CompleteExternalTask",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/{id}/failure",
                "handleFailure",
                "Report a failure",
                "Without retries left the task is not fetched any more, and there is an incident.",
                body: "ExternalTaskFailure",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/{id}/bpmnError",
                "handleExternalTaskBpmnError",
                "Report a BPMN error",
                "Goes to the event of the model that catches it; when none does, the path ends.",
                body: "ExternalTaskBpmnError",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/{id}/extendLock",
                "extendLock",
                "Extend a lock",
                "Only of a task that the worker holds and whose lock has not run out.",
                body: "ExtendLock",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/{id}/lock",
                "lock",
                "Lock a task",
                "Takes one task by its id, whatever its topic.",
                body: "LockExternalTask",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/{id}/unlock",
                "unlock",
                "Unlock a task",
                "Anybody may; a body is not looked at.",
                answers: [.noContent],
                errors: [.notFound]
            ),
        ]
    }

    private static var settings: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .put,
                "/external-task/{id}/retries",
                "setExternalTaskResourceRetries",
                "Set the retries of a task",
                "0 makes an incident, more ends it.",
                body: "Retries",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/external-task/{id}/priority",
                "setExternalTaskResourcePriority",
                "Set the priority of a task",
                body: "Priority",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .put,
                "/external-task/retries",
                "setExternalTaskRetries",
                "Set the retries of many tasks",
                "Of all that any of the sources names; when one of them does not exist, nothing is changed.",
                body: "RetriesOfExternalTasks",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/external-task/retries-async",
                "setExternalTaskRetriesAsyncOperation",
                "Set the retries of many tasks in a batch",
                "Of all that any of the sources names, in the background; what does not exist fails in its job.",
                body: "RetriesOfExternalTasks",
                answers: [.ok("Batch", "The batch that was made.")]
            ),
        ]
    }
}
