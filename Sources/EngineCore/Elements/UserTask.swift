import BPMN
import Expressions

extension Decision {
    /// Makes the task that people work on; the token rests in it.
    mutating func createUserTask(
        _ model: UserTaskDefinition,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        try mapInput(of: activity, definition)
        guard let execution = activity.execution else { preconditionFailure("a user task has a scope of its own") }
        record(
            .userTaskCreated(
                UserTask(
                    id: UserTaskID(execution.rawValue),
                    place: activity.place,
                    name: try text(model.name, activity),
                    description: try text(model.description, activity),
                    assignee: try text(model.assignee, activity),
                    candidateUsers: try list(model.candidateUsers, activity),
                    candidateGroups: try list(model.candidateGroups, activity),
                    dueTime: try instant(model.dueDate, activity),
                    followUpTime: try instant(model.followUpDate, activity),
                    priority: try priority(model.priority, activity),
                    formKey: try text(model.formKey, activity)
                )
            )
        )
    }

    mutating func completeUserTask(
        _ id: UserTaskID,
        variables: [VariableInput],
        localVariables: [VariableInput]
    ) throws(Refusal) {
        let (task, activity, definition) = try userTask(id)
        try set(variables, seenFrom: activity)
        setLocal(localVariables, in: activity)
        record(.userTaskEnded(EndedUserTask(task: task, endTime: moment, deleteReason: "completed")))
        try leave(activity, definition)
    }

    mutating func throwUserTaskError(
        _ id: UserTaskID,
        code: String,
        message: String?,
        variables: [VariableInput]
    ) throws(Refusal) {
        let (task, activity, definition) = try userTask(id)
        try set(variables, seenFrom: activity)
        try propagate(BPMNError(code: code, message: message), from: task, definition)
    }

    /// The task's run through its activity.
    func activity(of task: UserTask, _ definition: ProcessDefinition) -> Activity {
        Activity(
            node: node(task.place.activityID, of: definition),
            place: task.place,
            execution: task.id.execution,
            task: task
        )
    }

    private func userTask(_ id: UserTaskID) throws(Refusal) -> (UserTask, Activity, ProcessDefinition) {
        guard let task = tree.userTasks[id] else { throw .rejected(.userTaskNotFound(id.description)) }
        guard !task.isSuspended else { throw .rejected(.userTaskSuspended(id)) }
        let definition = try definition(task.place.definition)
        return (task, activity(of: task, definition), definition)
    }
}

// MARK: What the model says of the task

extension Decision {
    private mutating func text(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> String? {
        guard let expression else { return nil }
        let value = try evaluate(expression, seenFrom: activity)
        guard value != .null else { return nil }
        guard let text = value.text else {
            throw .rejected(
                .expressionFailed("'\(expression.text)' of user task '\(activity.place.activityID)' must yield text")
            )
        }
        return text
    }

    /// A comma-separated list, or a collection of texts.
    private mutating func list(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> [String] {
        guard let expression else { return [] }
        if case .list(let values) = try evaluate(expression, seenFrom: activity) { return values.compactMap(\.text) }
        let text = try text(expression, activity) ?? ""
        return text.split(separator: ",").map { String($0.trimmingSpaces()) }.filter { !$0.isEmpty }
    }

    private mutating func instant(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> Instant? {
        guard let expression else { return nil }
        switch try evaluate(expression, seenFrom: activity) {
        case .null: return nil
        case .date(let instant): return instant
        case .string(let text):
            if let instant = Instant(iso8601: text) { return instant }
            fallthrough
        case .boolean, .short, .integer, .long, .double, .bytes, .list, .map, .opaque:
            throw .rejected(
                .expressionFailed("'\(expression.text)' of user task '\(activity.place.activityID)' must yield a date")
            )
        }
    }

    private mutating func priority(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> Int32 {
        guard let text = try text(expression, activity) else { return UserTask.defaultPriority }
        guard let priority = Int32(text) else {
            throw .rejected(
                .expressionFailed(
                    "Priority '\(text)' of user task '\(activity.place.activityID)' is not a whole number"
                )
            )
        }
        return priority
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var trimmed = drop { $0.isWhitespace }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return trimmed
    }
}
