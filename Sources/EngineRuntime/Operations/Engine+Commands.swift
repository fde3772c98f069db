package import EngineCore
package import EngineStore
import FoundationEssentials

/// A definition by its id, or the latest version of a key.
package typealias DefinitionReference = ResolveDefinitions.Reference

/// A process instance that was started.
package struct StartedInstance: Sendable {
    package var id: ProcessInstanceID
    package var definition: DefinitionID
    package var definitionKey: String
    package var businessKey: String?
    package var tenantID: String?
    /// It reached its end within the call.
    package var isEnded: Bool
    package var isSuspended: Bool
    /// The instance's own variables after the call, by name.
    package var variables: [VariableInput]
}

// MARK: Process instances

extension Engine {
    /// Starts an instance of a definition, and runs it to its first wait states.
    ///
    /// `startEvent`: The id of the start event that was triggered, if one was.
    ///
    /// - Throws: ``Rejection`` when there is no such definition, it is suspended, or the model cannot go on with these
    ///   variables; nothing was started then.
    package func start(
        _ definition: DefinitionReference,
        businessKey: String? = nil,
        variables: [VariableInput] = [],
        userID: String? = nil,
        startEvent: String? = nil
    ) async throws -> StartedInstance {
        try await start(
            CommandJob.Start(
                definition: definition,
                businessKey: businessKey,
                variables: variables,
                userID: userID,
                startEvent: startEvent
            )
        )
    }

    func start(_ start: CommandJob.Start) async throws -> StartedInstance {
        try check(start.variables)
        try check(businessKey: start.businessKey)
        let outcome = try await runner.start(start)
        guard let definition = outcome.definition else { preconditionFailure("a start has a definition") }
        return StartedInstance(
            id: outcome.root,
            definition: definition.id,
            definitionKey: definition.key,
            businessKey: start.businessKey,
            tenantID: definition.tenantID,
            isEnded: outcome.isEnded,
            isSuspended: false,
            variables: outcome.variables
        )
    }

    /// Deletes a running instance with everything in it; history says `EXTERNALLY_TERMINATED`.
    ///
    /// `skipMappings`: Whether the output mappings of cancelled activities are left out.
    package func deleteProcessInstance(_ id: String, reason: String? = nil, skipMappings: Bool = false) async throws {
        guard let instance = ProcessInstanceID(id) else { throw Rejection.processInstanceNotFound(id) }
        let command = Command.deleteInstance(instance, reason: reason, skipMappings: skipMappings)
        try await runner.run(command, target: instance.rawValue)
    }

    /// Suspends a running instance with everything in it, or lets it go on.
    package func suspendProcessInstance(_ id: String, isSuspended: Bool) async throws {
        guard let instance = ProcessInstanceID(id) else { throw Rejection.processInstanceNotFound(id) }
        let command = Command.suspendInstance(instance, isSuspended: isSuspended)
        try await runner.run(command, target: instance.rawValue)
    }

    /// Sets and removes variables that are seen from an execution: a process instance, a scope or a task.
    ///
    /// `locally`: Whether only the execution's own scope is touched; otherwise a variable is set where it
    ///   exists, and new ones in the process instance.
    package func changeVariables(
        ofExecution id: String,
        set: [VariableInput],
        remove: [String],
        locally: Bool
    ) async throws {
        guard let execution = ExecutionID(id) else { throw Rejection.executionNotFound(id) }
        try check(set)
        let command = Command.changeVariables(execution, set: set, remove: remove, locally: locally)
        try await runner.run(command, target: execution.rawValue)
    }
}

// MARK: External tasks

// `topics` are those that the caller may work on, nil for all: a task of another one is ``Rejection/topicNotPermitted``.

extension Engine {
    /// Completes a task that `worker` holds, or held and nobody took since; the process goes on to its next wait states.
    package func completeExternalTask(
        _ id: String,
        worker: WorkerID,
        variables: [VariableInput] = [],
        localVariables: [VariableInput] = [],
        within topics: Set<String>? = nil
    ) async throws {
        try check(variables + localVariables)
        try await run(id, within: topics) {
            .completeExternalTask($0, worker: worker, variables: variables, localVariables: localVariables)
        }
    }

    /// Reports that work on a task failed.
    package func failExternalTask(_ id: String, _ report: FailureReport, within topics: Set<String>? = nil) async throws
    {
        guard report.retries >= 0 else { throw Rejection.negative(parameter: "retries") }
        guard report.retryMilliseconds >= 0 else { throw Rejection.negative(parameter: "retryDuration") }
        try check(report.variables + report.localVariables)
        try await run(id, within: topics) { .failExternalTask($0, report) }
    }

    /// Reports a BPMN error.
    ///
    /// One that nobody catches ends the task's path.
    package func throwExternalTaskError(
        _ id: String,
        _ report: ErrorReport,
        within topics: Set<String>? = nil
    ) async throws {
        guard !report.code.isEmpty else { throw Rejection.emptyErrorCode }
        try check(report.variables)
        try await run(id, within: topics) { .throwExternalTaskError($0, report) }
    }

    /// Makes the lock that `worker` holds last so many milliseconds from now.
    package func extendExternalTaskLock(
        _ id: String,
        worker: WorkerID,
        milliseconds: Int64,
        within topics: Set<String>? = nil
    ) async throws {
        guard milliseconds > 0 else { throw Rejection.notPositive(parameter: "lockTime") }
        try await run(id, within: topics) { .extendExternalTaskLock($0, worker: worker, milliseconds: milliseconds) }
    }

    /// Locks one task for a worker, whatever its topic.
    package func lockExternalTask(
        _ id: String,
        worker: WorkerID,
        milliseconds: Int64,
        within topics: Set<String>? = nil
    ) async throws {
        guard milliseconds > 0 else { throw Rejection.notPositive(parameter: "lockDuration") }
        try check(worker)
        try await run(id, within: topics) { .lockExternalTask($0, worker: worker, milliseconds: milliseconds) }
    }

    /// Gives a task back, whoever holds it.
    package func unlockExternalTask(_ id: String, within topics: Set<String>? = nil) async throws {
        try await run(id, within: topics) { .unlockExternalTask($0) }
    }

    /// Sets how many attempts a task has left: 0 raises an incident, more resolves it.
    package func setExternalTaskRetries(_ id: String, _ retries: Int32, within topics: Set<String>? = nil) async throws
    {
        guard retries >= 0 else { throw Rejection.negative(parameter: "retries") }
        try await run(id, within: topics) { .setExternalTaskRetries($0, retries) }
    }

    /// Sets a task's priority; the highest are fetched first by polls that ask for it.
    package func setExternalTaskPriority(
        _ id: String,
        _ priority: Int64,
        within topics: Set<String>? = nil
    ) async throws {
        try await run(id, within: topics) { .setExternalTaskPriority($0, priority) }
    }

    private func run(
        _ id: String,
        within topics: Set<String>?,
        _ command: (ExternalTaskID) -> Command
    ) async throws {
        guard let task = ExternalTaskID(id) else { throw Rejection.externalTaskNotFound(id) }
        var command = command(task)
        if let topics { command = .limited(toTopics: topics, command) }
        do {
            try await runner.run(command, target: task.rawValue)
        } catch Rejection.externalTaskNotFound {
            // The id as the client wrote it.
            throw Rejection.externalTaskNotFound(id)
        }
    }
}

// MARK: Bounds

extension Engine {
    /// The most variables that one request may set.
    package static let maximumVariables = 10_000
    /// The longest name of a variable and the longest business key, in UTF-16 code units.
    package static let maximumNameLength = 255

    func check(businessKey: String?) throws {
        guard let businessKey, businessKey.utf16.count > Self.maximumNameLength else { return }
        throw Rejection.valueTooLong(parameter: "businessKey", maximum: Self.maximumNameLength)
    }

    func check(_ variables: [VariableInput]) throws {
        guard variables.count <= Self.maximumVariables else {
            throw Rejection.invalid(message: "A request may set at most \(Self.maximumVariables) variables")
        }
        for variable in variables {
            guard variable.name.utf16.count <= Self.maximumNameLength else {
                throw Rejection.valueTooLong(parameter: "variable name", maximum: Self.maximumNameLength)
            }
            if case .string(let text?) = variable.value, text.utf16.count > VariableValue.maximumStringLength {
                throw Rejection.valueTooLong(
                    parameter: "variable '\(variable.name)'",
                    maximum: VariableValue.maximumStringLength
                )
            }
        }
    }

    private func check(_ worker: WorkerID) throws {
        guard worker.rawValue.utf16.count <= WorkerID.maximumLength else {
            throw Rejection.valueTooLong(parameter: "workerId", maximum: WorkerID.maximumLength)
        }
    }
}
