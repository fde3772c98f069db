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
        let task = UserTask(
            id: UserTaskID(execution.rawValue),
            place: activity.place,
            name: try text(model.name, activity),
            description: try text(model.description, activity),
            assignee: try text(model.assignee, activity),
            dueTime: try instant(model.dueDate, activity),
            followUpTime: try instant(model.followUpDate, activity),
            priority: try priority(model.priority, activity),
            formKey: try text(model.formKey, activity),
            formReference: try formReference(model.formReference, activity)
        )
        let users = try list(model.candidateUsers, activity).map(IdentityLink.Party.user)
        let groups = try list(model.candidateGroups, activity).map(IdentityLink.Party.group)
        record(.userTaskCreated(task))
        for party in users + groups {
            record(.identityLinkAdded(task.id, IdentityLink(type: IdentityLink.candidate, party)))
        }
    }

    mutating func completeUserTask(
        _ id: UserTaskID,
        variables: [VariableInput],
        localVariables: [VariableInput],
        returnsVariables: Bool
    ) throws(Refusal) {
        let task = try openUserTask(id)
        try set(variables, seenFrom: task)
        setLocal(localVariables, of: task)
        if returnsVariables {
            for variable in tree.loadedVariables(of: task.variablesOwner) where variable.value == nil {
                throw .needs(.value(variable.id))
            }
        }
        guard !task.isStandalone else { return end(task, reason: EndedUserTask.completed) }
        let definition = try definition(task.place.definition)
        record(.userTaskEnded(EndedUserTask(task: task, endTime: moment, deleteReason: EndedUserTask.completed)))
        try leave(activity(of: task, definition), definition)
    }

    mutating func throwUserTaskError(
        _ id: UserTaskID,
        code: String,
        message: String?,
        variables: [VariableInput]
    ) throws(Refusal) {
        let task = try openUserTask(id)
        guard !task.isStandalone else { throw .rejected(.userTaskWithoutProcess(id)) }
        let definition = try definition(task.place.definition)
        try set(variables, seenFrom: task)
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
}

extension UserTask {
    /// Whose variables a caller who completes the task gets back: the process instance's, or the task's own if it
    /// belongs to none.
    package var variablesOwner: ExecutionID { ExecutionID(place.instance) }
}

// MARK: What the model says of the task

extension Decision {
    private mutating func text(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> String? {
        guard let expression else { return nil }
        return try text(try evaluate(expression, seenFrom: activity), expression, activity)
    }

    private func text(_ value: Value, _ expression: Expression, _ activity: Activity) throws(Refusal) -> String? {
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
        let value = try evaluate(expression, seenFrom: activity)
        if case .list(let values) = value { return values.compactMap(\.text) }
        let text = try text(value, expression, activity) ?? ""
        return text.split(separator: ",").map { String($0.trimmingSpaces()) }.filter { !$0.isEmpty }
    }

    /// A date, its ISO 8601 text, or a duration from now.
    private mutating func instant(_ expression: Expression?, _ activity: Activity) throws(Refusal) -> Instant? {
        guard let expression else { return nil }
        switch try evaluate(expression, seenFrom: activity) {
        case .null: return nil
        case .date(let instant): return instant
        case .string(let text):
            if let instant = Instant(iso8601: text) ?? moment.adding(iso8601Duration: text) { return instant }
            fallthrough
        case .boolean, .short, .integer, .long, .double, .bytes, .list, .map, .opaque:
            throw .rejected(
                .expressionFailed("'\(expression.text)' of user task '\(activity.place.activityID)' must yield a date")
            )
        }
    }

    private mutating func formReference(
        _ model: FormReferenceDefinition?,
        _ activity: Activity
    ) throws(Refusal) -> FormReference? {
        guard let model, let key = try text(model.key, activity) else { return nil }
        var version: Int32?
        if let text = try text(model.version, activity) {
            version = Int32(text)
            guard version != nil else {
                throw .rejected(
                    .expressionFailed(
                        "Form version '\(text)' of user task '\(activity.place.activityID)' is not a whole number"
                    )
                )
            }
        }
        return FormReference(key: key, binding: model.binding, version: version)
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
