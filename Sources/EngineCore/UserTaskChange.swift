package import Expressions

/// What somebody does with a user task while it stays open.
package enum UserTaskChange: Sendable {
    /// Takes the task, unless it is somebody else's; nil gives it back.
    case claim(user: String?)
    /// Makes somebody the assignee, whoever it was before; nil is nobody.
    case assign(user: String?)
    case own(user: String?)
    /// Hands the task to somebody who resolves it and gives it back to its owner.
    case delegate(to: String?)
    /// Gives a delegated task back to its owner.
    case resolve(variables: [VariableInput])
    case update(UserTaskProperties)
    /// Adding a link twice is fine.
    case link(IdentityLink)
    /// Removing a link that is not there is fine.
    case unlink(IdentityLink)
}

/// What can be said of a user task from outside, all of it.
package struct UserTaskProperties: Sendable {
    package var name: String?
    package var description: String?
    package var assignee: String?
    package var owner: String?
    package var delegation: DelegationState?
    package var dueTime: Instant?
    package var followUpTime: Instant?
    package var priority: Int32
    package var parent: UserTaskID?
    /// Of a task that belongs to no process; a process's tasks have its tenant.
    package var tenantID: String?

    package init(
        name: String? = nil,
        description: String? = nil,
        assignee: String? = nil,
        owner: String? = nil,
        delegation: DelegationState? = nil,
        dueTime: Instant? = nil,
        followUpTime: Instant? = nil,
        priority: Int32 = 0,
        parent: UserTaskID? = nil,
        tenantID: String? = nil
    ) {
        self.name = name
        self.description = description
        self.assignee = assignee
        self.owner = owner
        self.delegation = delegation
        self.dueTime = dueTime
        self.followUpTime = followUpTime
        self.priority = priority
        self.parent = parent
        self.tenantID = tenantID
    }
}

// MARK: Sizes

extension UserTaskChange {
    /// The bytes of what it brings along without a bound of its own.
    var byteCount: Int {
        switch self {
        case .resolve(let variables): variables.byteCount
        case .update(let properties): properties.byteCount
        case .claim, .assign, .own, .delegate, .link, .unlink: 0
        }
    }
}

extension UserTaskProperties {
    var byteCount: Int { (name?.utf8.count ?? 0) + (description?.utf8.count ?? 0) }
}
