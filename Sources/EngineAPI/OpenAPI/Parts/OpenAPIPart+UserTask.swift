import EngineStore
import HTTPTypes

extension OpenAPIPart {
    /// User tasks.
    static var userTask: Self {
        Self(
            tag: "Task",
            description: "Work that people do.",
            pathParameters: ["id": "The id of the task.", "varName": "The name of the variable."],
            lists: [
                OpenAPIList(
                    "/task",
                    "tasks",
                    of: "Task",
                    filters: "TaskFilters",
                    sortedBy: UserTaskQuery.Field.self,
                    names: .init(
                        "getTasks",
                        "getTasksCount",
                        query: "queryTasks",
                        queryCount: "queryTasksCount"
                    ),
                    hal: "HALTaskList",
                    sortVariables: [
                        "processVariable", "executionVariable", "taskVariable", "caseExecutionVariable",
                        "caseInstanceVariable",
                    ],
                    errors: [.engineError]
                )
            ],
            operations: userTasks + work + identityLinks + taskVariables,
            answers: userTaskAnswers,
            requests: userTaskRequests
        )
    }

    private static var userTasks: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/task/{id}",
                "getTask",
                "Get a task",
                query: [
                    .flag("withTaskVariablesInReturn", "Also the variables that are visible from the task."),
                    .flag("withTaskLocalVariablesInReturn", "Also the task's own variables."),
                    .flag("withCommentAttachmentInfo", "Also whether there are comments and attachments."),
                ],
                answers: [.ok("Task").orHAL("HALTask")],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/task/create",
                "createTask",
                "Create a task that belongs to no process",
                body: "TaskProperties",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .put,
                "/task/{id}",
                "updateTask",
                "Set all properties of a task",
                "What is missing becomes null, the priority 0.",
                body: "TaskProperties",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .delete,
                "/task/{id}",
                "deleteTask",
                "Delete a task that belongs to no process",
                "Also when there is none; a task of a process is refused.",
                answers: [.noContent],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .get,
                "/task/{id}/form",
                "getForm",
                "Get a task's form",
                answers: [.ok("TaskForm")]
            ),
        ]
    }

    private static let unknownTask = "An unknown task is answered with 500, as in the contract."

    private static var work: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .post,
                "/task/{id}/complete",
                "complete",
                "Complete a task",
                unknownTask,
                body: "CompleteTask",
                answers: [.ok("Variables", "The variables, when they were asked for."), .noContent]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/bpmnError",
                "handleBpmnError",
                "Report a BPMN error",
                "Goes to the event of the model that catches it; when none does, the path ends.",
                body: "TaskBpmnError",
                answers: [.noContent],
                errors: [.notFound]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/claim",
                "claim",
                "Take a task that nobody has",
                unknownTask,
                body: "TaskUser",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/unclaim",
                "unclaim",
                "Take the assignee away",
                unknownTask,
                answers: [.noContent],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/assignee",
                "setAssignee",
                "Give a task to somebody, or to nobody",
                unknownTask,
                body: "TaskUser",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/delegate",
                "delegateTask",
                "Give a task to somebody who gives it back",
                unknownTask,
                body: "TaskUser",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/resolve",
                "resolve",
                "Give a delegated task back to its owner",
                unknownTask,
                body: "ResolveTask",
                answers: [.noContent]
            ),
        ]
    }

    private static var identityLinks: [OpenAPIOperation] {
        [
            OpenAPIOperation(
                .get,
                "/task/{id}/identity-links",
                "getIdentityLinks",
                "List who has to do with a task",
                unknownTask,
                query: [.text("type", "Only links of this type.")],
                answers: [.list("IdentityLink", "Assignee and owner included.")],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/identity-links",
                "addIdentityLink",
                "Link a user or a group to a task",
                unknownTask,
                body: "IdentityLinkInput",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .post,
                "/task/{id}/identity-links/delete",
                "deleteIdentityLink",
                "Remove a link of a task",
                unknownTask,
                body: "IdentityLinkInput",
                answers: [.noContent]
            ),
        ]
    }

    private static var taskVariables: [OpenAPIOperation] {
        OpenAPIOperation.variables(
            "/task/{id}/variables",
            of: "task",
            ids: [
                "getTaskVariables", "modifyTaskVariables", "getTaskVariable", "putTaskVariable", "deleteTaskVariable",
                "getTaskVariableBinary", "setBinaryTaskVariable",
            ]
        )
            + OpenAPIOperation.variables(
                "/task/{id}/localVariables",
                of: "task, stored right there",
                ids: [
                    "getTaskLocalVariables", "modifyTaskLocalVariables", "getTaskLocalVariable", "putTaskLocalVariable",
                    "deleteTaskLocalVariable", "getTaskLocalVariableBinary", "setBinaryTaskLocalVariable",
                ]
            )
    }
}
