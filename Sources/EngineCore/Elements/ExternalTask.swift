import BPMN
package import Expressions

extension Decision {
    /// Makes the task that workers fetch; the token rests in it.
    mutating func createExternalTask(
        _ model: ExternalTaskDefinition,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        try mapInput(of: activity, definition)
        guard let execution = activity.execution else { preconditionFailure("an external task has a scope of its own") }
        let task = ExternalTask(
            id: ExternalTaskID(execution.rawValue),
            place: activity.place,
            topic: try topic(model.topic, activity),
            priority: try priority(model.priority ?? definition.taskPriority, activity)
        )
        record(.externalTaskCreated(task))
        log(task, .created)
    }

    private mutating func topic(_ expression: Expression, _ activity: Activity) throws(Refusal) -> String? {
        switch try evaluate(expression, seenFrom: activity) {
        case .string(let topic): return topic
        case .null: return nil
        case .boolean, .short, .integer, .long, .double, .date, .bytes, .list, .map, .opaque:
            throw .rejected(.invalidTopic(activity: activity.place.activityID))
        }
    }

    private mutating func priority(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> Int64 {
        guard let expression else { return 0 }
        if let literal = expression.literalText { return Int64(literal) ?? 0 }
        let value: Value
        do {
            value = try evaluate(expression, seenFrom: activity)
        } catch .rejected(.expressionFailed) {
            // A priority that cannot be resolved is no reason to stop the process (REST reference, topic and priority).
            return 0
        }
        switch value {
        case .short(let number): return Int64(number)
        case .integer(let number): return Int64(number)
        case .long(let number): return number
        case .double: throw .rejected(.invalidPriority(": Priority value must be either Short, Integer, or Long"))
        case .null, .boolean, .string, .date, .bytes, .list, .map, .opaque:
            throw .rejected(.invalidPriority(": Priority value is not an Integer"))
        }
    }

    /// Writes an entry of the external-task log.
    mutating func log(_ task: ExternalTask, _ state: ExternalTaskLogEntry.State) {
        let entry = ExternalTaskLogEntry(id: LogEntryID(nextIdentifier()), task: task, state: state, time: moment)
        record(.externalTaskLogged(entry))
    }
}

// MARK: What workers report

extension Decision {
    mutating func completeExternalTask(
        _ id: ExternalTaskID,
        worker: WorkerID,
        variables: [VariableInput],
        localVariables: [VariableInput]
    ) throws(Refusal) {
        var task = try externalTask(id, heldBy: worker, doing: .complete)
        let definition = try definition(task.place.definition)
        let activity = activity(of: task, definition)
        try set(variables, seenFrom: activity)
        setLocal(localVariables, in: activity)
        if let error = try conditionalError(of: task, activity, definition, toleratesFailure: false) {
            return try propagate(error, from: task, definition)
        }
        task.errorMessage = nil
        log(task, .successful)
        remove(task, isResolved: true)
        try leave(activity, definition)
    }

    /// Reports a failure.
    ///
    /// The worker stays the owner; the task can be fetched again when the retry time is over.
    mutating func failExternalTask(_ id: ExternalTaskID, _ report: FailureReport) throws(Refusal) {
        var task = try externalTask(id, heldBy: report.worker, doing: .fail)
        let definition = try definition(task.place.definition)
        let activity = activity(of: task, definition)
        try set(report.variables, seenFrom: activity)
        setLocal(report.localVariables, in: activity)
        task.errorMessage = report.message.map { $0.prefix(utf16Units: ExternalTask.maximumMessageLength) }
        if let details = report.details { task.errorDetails = details }
        if let error = try conditionalError(of: task, activity, definition, toleratesFailure: true) {
            return try propagate(error, from: task, definition)
        }
        task.lockExpiration = moment.advanced(byMilliseconds: report.retryMilliseconds)
        log(task, .failed)
        changeRetries(of: &task, to: report.retries)
    }

    mutating func throwExternalTaskError(_ id: ExternalTaskID, _ report: ErrorReport) throws(Refusal) {
        let task = try externalTask(id, heldBy: report.worker, doing: .reportError)
        let definition = try definition(task.place.definition)
        try set(report.variables, seenFrom: activity(of: task, definition))
        try propagate(BPMNError(code: report.code, message: report.message), from: task, definition)
    }

    mutating func extendLock(of id: ExternalTaskID, worker: WorkerID, milliseconds: Int64) throws(Refusal) {
        var task = try loadedExternalTask(id)
        guard task.worker == worker else {
            throw .rejected(.externalTaskNotHeld(id, by: worker, owner: task.worker, doing: .extendLock))
        }
        try checkPermission(for: task)
        guard let expiration = task.lockExpiration, expiration >= moment else {
            let expiration = task.lockExpiration?.millisecondsSinceEpoch ?? 0
            throw .rejected(.lockExpired(expiration: expiration, now: moment.millisecondsSinceEpoch))
        }
        guard !task.isSuspended else { throw .rejected(.externalTaskSuspended(id)) }
        hold(&task, by: worker, milliseconds: milliseconds)
    }

    mutating func lock(_ id: ExternalTaskID, worker: WorkerID, milliseconds: Int64) throws(Refusal) {
        var task = try loadedExternalTask(id)
        if let owner = task.worker, owner != worker, let expiration = task.lockExpiration, moment <= expiration {
            throw .rejected(.externalTaskNotHeld(id, by: worker, owner: owner, doing: .lock))
        }
        try checkPermission(for: task)
        hold(&task, by: worker, milliseconds: milliseconds)
    }

    mutating func unlock(_ id: ExternalTaskID) throws(Refusal) {
        var task = try permittedExternalTask(id)
        task.worker = nil
        task.lockExpiration = nil
        change(task)
    }

    mutating func setRetries(of id: ExternalTaskID, to retries: Int32) throws(Refusal) {
        var task = try permittedExternalTask(id)
        changeRetries(of: &task, to: retries)
    }

    mutating func setPriority(of id: ExternalTaskID, to priority: Int64) throws(Refusal) {
        var task = try permittedExternalTask(id)
        task.priority = priority
        change(task)
    }
}

// MARK: Helpers

extension Decision {
    /// The task's run through its activity.
    func activity(of task: ExternalTask, _ definition: ProcessDefinition) -> Activity {
        Activity(node: node(task.place.activityID, of: definition), place: task.place, execution: task.id.execution)
    }

    /// Takes the task away, and ends its incident.
    mutating func remove(_ task: ExternalTask, isResolved: Bool) {
        closeIncident(of: task.id, isResolved: isResolved)
        record(.externalTaskRemoved(task.id))
    }

    private func loadedExternalTask(_ id: ExternalTaskID) throws(Refusal) -> ExternalTask {
        guard let task = tree.externalTasks[id] else { throw .rejected(.externalTaskNotFound(id.description)) }
        return task
    }

    private func permittedExternalTask(_ id: ExternalTaskID) throws(Refusal) -> ExternalTask {
        let task = try loadedExternalTask(id)
        try checkPermission(for: task)
        return task
    }

    /// Comes after the question who holds the task, as in the contract.
    private func checkPermission(for task: ExternalTask) throws(Refusal) {
        guard let permittedTopics else { return }
        if let topic = task.topic, permittedTopics.contains(topic) { return }
        let definition = try definition(task.place.definition)
        throw .rejected(.topicNotPermitted(instance: task.place.instance, definitionKey: definition.key))
    }

    /// A lock that has run out still counts until another worker takes the task.
    private func externalTask(
        _ id: ExternalTaskID,
        heldBy worker: WorkerID,
        doing operation: Rejection.ExternalTaskOperation
    ) throws(Refusal) -> ExternalTask {
        let task = try loadedExternalTask(id)
        guard task.worker == worker else {
            throw .rejected(.externalTaskNotHeld(id, by: worker, owner: task.worker, doing: operation))
        }
        try checkPermission(for: task)
        guard !task.isSuspended else { throw .rejected(.externalTaskSuspended(id)) }
        return task
    }

    private mutating func hold(_ task: inout ExternalTask, by worker: WorkerID, milliseconds: Int64) {
        task.worker = worker
        task.lockExpiration = moment.advanced(byMilliseconds: milliseconds)
        change(task)
    }

    private mutating func changeRetries(of task: inout ExternalTask, to retries: Int32) {
        let hadRetries = task.retries.map { $0 > 0 } ?? true
        task.retries = retries
        change(task)
        switch (hadRetries, retries > 0) {
        case (true, false): openIncident(for: task)
        case (false, true): closeIncident(of: task.id, isResolved: true)
        case (true, true), (false, false): break
        }
    }

    private mutating func change(_ task: ExternalTask) {
        var task = task
        task.isReady = task.isClaimable(at: moment)
        record(.externalTaskChanged(task))
    }

    private mutating func openIncident(for task: ExternalTask) {
        let failure = events.last { event in
            guard case .externalTaskLogged(let entry) = event else { return false }
            return entry.task.id == task.id && entry.state == .failed
        }
        var entryID: LogEntryID?
        if case .externalTaskLogged(let entry) = failure { entryID = entry.id }
        record(
            .incidentOpened(
                Incident(
                    id: IncidentID(nextIdentifier()),
                    place: task.place,
                    execution: task.id.execution,
                    message: task.errorMessage,
                    configuration: task.id,
                    historyConfiguration: entryID,
                    createTime: moment
                )
            )
        )
    }

    private mutating func closeIncident(of task: ExternalTaskID, isResolved: Bool) {
        guard let incident = tree.incidents[task] else { return }
        record(.incidentClosed(incident, at: moment, isResolved: isResolved))
    }

    /// The first of the activity's `camunda:errorEventDefinition`s whose expression is true.
    private mutating func conditionalError(
        of task: ExternalTask,
        _ activity: Activity,
        _ definition: ProcessDefinition,
        toleratesFailure: Bool
    ) throws(Refusal) -> BPMNError? {
        guard case .externalTask(let model) = definition[activity.node].kind else { return nil }
        for error in model.errorEvents {
            guard let condition = error.condition else { continue }
            do {
                if case .boolean(true) = try evaluate(condition, seenFrom: activity, externalTask: task) {
                    return BPMNError(code: error.code, message: task.errorMessage)
                }
            } catch {
                guard toleratesFailure, case .rejected = error else { throw error }
            }
        }
        return nil
    }
}

extension ExternalTask {
    /// Whether a worker could take the task at this moment.
    package func isClaimable(at moment: Instant) -> Bool {
        guard !isSuspended, retries.map({ $0 > 0 }) ?? true else { return false }
        return lockExpiration.map { $0 <= moment } ?? true
    }
}

extension String {
    /// The longest beginning that has at most so many UTF-16 code units.
    fileprivate func prefix(utf16Units limit: Int) -> String {
        guard utf16.count > limit else { return self }
        return String(decoding: utf16.prefix(limit), as: UTF16.self)
    }
}
