package import EngineCore
package import EngineStore
import FoundationEssentials
import Postgres

// What people do with user tasks.

extension Engine {
    /// Completes a user task; the process goes on to its next wait states.
    package func completeUserTask(
        _ id: String,
        variables: [VariableInput] = [],
        localVariables: [VariableInput] = []
    ) async throws {
        try check(variables + localVariables)
        try await run(id) {
            .completeUserTask($0, variables: variables, localVariables: localVariables, returnsVariables: false)
        }
    }

    /// Completes a user task, and tells the variables of its process instance as they are then, sorted by name; of a
    /// task that belongs to no process, its own.
    package func completeUserTaskReturningVariables(
        _ id: String,
        variables: [VariableInput] = []
    ) async throws -> [VariableInput] {
        try check(variables)
        return try await run(id) {
            .completeUserTask($0, variables: variables, localVariables: [], returnsVariables: true)
        }.variables
    }

    /// Reports a BPMN error on a user task.
    package func throwUserTaskError(
        _ id: String,
        code: String,
        message: String?,
        variables: [VariableInput] = []
    ) async throws {
        guard !code.isEmpty else { throw Rejection.emptyErrorCode }
        try check(variables)
        try await run(id) { .throwUserTaskError($0, code: code, message: message, variables: variables) }
    }

    /// Changes a user task that stays open: claims, assigns, delegates, resolves or updates it, or links people to it.
    package func changeUserTask(_ id: String, _ change: UserTaskChange) async throws {
        switch change {
        case .claim(let user), .assign(let user), .own(let user), .delegate(let user): try check(user, "userId")
        case .resolve(let variables): try check(variables)
        case .update(let properties): try await check(properties)
        case .link(let link), .unlink(let link): try check(link)
        }
        try await run(id) { .changeUserTask($0, change) }
    }

    /// Makes a task that belongs to no process.
    ///
    /// - Parameters:
    ///   - id: A UUID, or nil for a fresh one.
    ///   - properties: All there is to say of the task.
    /// - Returns: The task's id.
    /// - Throws: ``Rejection`` when the id is no UUID or taken, a text is too long, or the parent does not exist.
    @discardableResult
    package func createUserTask(_ id: String? = nil, _ properties: UserTaskProperties) async throws -> UserTaskID {
        let task = id.map { UserTaskID($0) } ?? UserTaskID(UUID())
        guard let task else { throw Rejection.invalid(message: "The id of a task must be a UUID, not '\(id ?? "")'") }
        try await check(properties)
        if let id, try await wasUserTask(id) { throw Rejection.userTaskExists(task) }
        try await runner.run(.createUserTask(task, properties), target: task.rawValue)
        return task
    }

    /// Deletes a task that belongs to no process.
    package func deleteUserTask(_ id: String) async throws {
        try await run(id) { .deleteUserTask($0) }
    }

    /// Whether history has a task with this id: the next one could not end.
    private func wasUserTask(_ id: String) async throws -> Bool {
        var query = HistoricTaskQuery()
        query.taskID = id
        return try await count(query) > 0
    }

    @discardableResult
    private func run(_ id: String, _ command: (UserTaskID) -> Command) async throws -> CommandOutcome {
        guard let task = UserTaskID(id) else { throw Rejection.userTaskNotFound(id) }
        do {
            return try await runner.run(command(task), target: task.rawValue)
        } catch Rejection.userTaskNotFound {
            // The id as the client wrote it.
            throw Rejection.userTaskNotFound(id)
        }
    }
}

// MARK: Reading

extension Engine {
    /// The most tasks whose variables are read in one round trip.
    private static let tasksPerRoundTrip = 500

    /// Open user tasks.
    package func userTasks(_ query: UserTaskQuery) async throws -> [UserTaskView] {
        var tasks = try await list(query)
        if query.hasAttachmentInfo { for index in tasks.indices { tasks[index].hasAttachmentInfo = true } }
        guard let included = query.includedVariables else { return tasks }
        for start in stride(from: 0, to: tasks.count, by: Self.tasksPerRoundTrip) {
            let indices = start..<min(start + Self.tasksPerRoundTrip, tasks.count)
            var pipeline = Pipeline()
            let tokens = indices.map {
                pipeline.add(ReadVisibleVariables(from: tasks[$0].id.execution, isLocal: included == .local))
            }
            let results = try await pool.execute(pipeline)
            for (index, token) in zip(indices, tokens) { tasks[index].variables = results[token] }
        }
        return tasks
    }

    /// How many open user tasks satisfy the conditions.
    package func userTaskCount(_ query: UserTaskQuery) async throws -> Int { try await count(query) }

    /// Whether there is an open user task with this id.
    package func hasUserTask(_ id: String) async throws -> Bool {
        var query = UserTaskQuery()
        query.taskID = id
        return try await count(query) > 0
    }

    /// Who has to do with open user tasks, assignees and owners included.
    package func identityLinks(of tasks: [UserTaskID]) async throws -> [IdentityLinkView] {
        try await pool.run(ReadIdentityLinks(of: tasks))
    }

    /// Who has to do with an open user task, assignee and owner included.
    ///
    /// - Throws: ``Rejection/userTaskNotFound(_:)``.
    package func identityLinks(ofUserTask id: String) async throws -> [IdentityLinkView] {
        guard let task = UserTaskID(id), try await hasUserTask(id) else { throw Rejection.userTaskNotFound(id) }
        return try await identityLinks(of: [task])
    }
}

// MARK: Bounds

extension Engine {
    /// The longest description of a task, in UTF-16 code units.
    package static let maximumDescriptionLength = 4_000

    private func check(_ properties: UserTaskProperties) async throws {
        try check(properties.name, "name")
        try check(properties.assignee, "assignee")
        try check(properties.owner, "owner")
        try check(properties.tenantID, "tenantId")
        try check(properties.description, "description", maximum: Self.maximumDescriptionLength)
        guard let parent = properties.parent else { return }
        guard try await hasUserTask(parent.description) else {
            throw Rejection.missing(parameter: "Parent task with id '\(parent)' does not exist: parentTask")
        }
    }

    private func check(_ link: IdentityLink) throws {
        try check(link.type, "type")
        switch link.party {
        case .user(let user): try check(user, "userId")
        case .group(let group): try check(group, "groupId")
        }
    }

    private func check(_ text: String?, _ parameter: String, maximum: Int = maximumNameLength) throws {
        guard let text, text.utf16.count > maximum else { return }
        throw Rejection.valueTooLong(parameter: parameter, maximum: maximum)
    }
}
