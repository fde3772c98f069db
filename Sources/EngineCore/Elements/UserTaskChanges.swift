import Expressions

extension Decision {
    /// Changes an open task; a suspended one cannot be changed.
    mutating func changeUserTask(_ id: UserTaskID, _ change: UserTaskChange) throws(Refusal) {
        var task = try openUserTask(id)
        switch change {
        case .claim(let user?):
            guard task.assignee == nil || task.assignee == user else { throw .rejected(.userTaskClaimed(id)) }
            task.assignee = user
        case .claim(nil): task.assignee = nil
        case .assign(let user): task.assignee = user
        case .own(let user): task.owner = user
        case .delegate(let user):
            task.delegation = .pending
            task.owner = task.owner ?? task.assignee
            task.assignee = user
        case .resolve(let variables):
            try set(variables, seenFrom: task)
            task.delegation = .resolved
            task.assignee = task.owner
        case .update(let properties): task.take(properties)
        case .link(let link): record(.identityLinkAdded(id, link))
        case .unlink(let link): record(.identityLinkRemoved(id, link))
        }
        task.lastUpdateTime = moment
        record(.userTaskChanged(task))
    }

    /// Sets variables where they exist, from the task outwards; new ones in the process instance, or in the task itself
    /// if it belongs to no process.
    mutating func set(_ variables: [VariableInput], seenFrom task: UserTask) throws(Refusal) {
        guard !task.isStandalone else { return setLocal(variables, of: task) }
        let chain = tree.chain(from: task.place, execution: task.id.execution)
        for variable in variables { try set(variable, in: chain) }
    }

    /// Sets variables of the task itself.
    mutating func setLocal(_ variables: [VariableInput], of task: UserTask) {
        for variable in variables { setLocal(variable, owner: task.id.execution, at: task.place) }
    }

    /// The task, if it is there and may be worked on.
    func openUserTask(_ id: UserTaskID) throws(Refusal) -> UserTask {
        guard let task = tree.userTasks[id] else { throw .rejected(.userTaskNotFound(id.description)) }
        guard !task.isSuspended else { throw .rejected(.userTaskSuspended(id)) }
        return task
    }
}

// MARK: Tasks that belong to no process

extension Decision {
    mutating func createUserTask(_ id: UserTaskID, _ properties: UserTaskProperties) throws(Refusal) {
        guard tree.isEmpty else { throw .rejected(.userTaskExists(id)) }
        var task = UserTask(id: id, place: Place(ofStandalone: id, startTime: moment), name: nil)
        task.take(properties)
        root = ProcessInstanceID(id.rawValue)
        record(.userTaskCreated(task))
    }

    mutating func deleteUserTask(_ id: UserTaskID) throws(Refusal) {
        guard let task = tree.userTasks[id] else { throw .rejected(.userTaskNotFound(id.description)) }
        guard task.isStandalone else { throw .rejected(.userTaskOfProcess(id)) }
        end(task, reason: cancellation.reason)
    }

    /// Ends a task that belongs to no process.
    mutating func end(_ task: UserTask, reason: String) {
        record(.userTaskEnded(EndedUserTask(task: task, endTime: moment, deleteReason: reason)))
        record(.variablesClosed(owner: task.id.execution))
    }
}

extension UserTask {
    fileprivate mutating func take(_ properties: UserTaskProperties) {
        name = properties.name
        description = properties.description
        assignee = properties.assignee
        owner = properties.owner
        delegation = properties.delegation
        dueTime = properties.dueTime
        followUpTime = properties.followUpTime
        priority = properties.priority
        parent = properties.parent
        if isStandalone { tenantID = properties.tenantID }
    }
}
