package import Expressions

/// A resting token that people work on, or a task that belongs to no process.
///
/// Its id is its execution id.
package struct UserTask: Sendable, Hashable {
    package var id: UserTaskID
    package var place: Place
    package var name: String?
    package var description: String?
    package var assignee: String?
    package var owner: String?
    package var delegation: DelegationState?
    package var dueTime: Instant?
    package var followUpTime: Instant?
    package var priority: Int32
    package var formKey: String?
    package var formReference: FormReference?
    /// The task that this one is a part of.
    package var parent: UserTaskID?
    /// Of a task that belongs to no process.
    package var tenantID: String?
    /// When it was changed last, if ever.
    package var lastUpdateTime: Instant?
    package var isSuspended: Bool

    /// The priority of a task whose model does not name one.
    package static let defaultPriority: Int32 = 50

    package init(
        id: UserTaskID,
        place: Place,
        name: String?,
        description: String? = nil,
        assignee: String? = nil,
        owner: String? = nil,
        delegation: DelegationState? = nil,
        dueTime: Instant? = nil,
        followUpTime: Instant? = nil,
        priority: Int32 = defaultPriority,
        formKey: String? = nil,
        formReference: FormReference? = nil,
        parent: UserTaskID? = nil,
        tenantID: String? = nil,
        lastUpdateTime: Instant? = nil,
        isSuspended: Bool = false
    ) {
        self.id = id
        self.place = place
        self.name = name
        self.description = description
        self.assignee = assignee
        self.owner = owner
        self.delegation = delegation
        self.dueTime = dueTime
        self.followUpTime = followUpTime
        self.priority = priority
        self.formKey = formKey
        self.formReference = formReference
        self.parent = parent
        self.tenantID = tenantID
        self.lastUpdateTime = lastUpdateTime
        self.isSuspended = isSuspended
    }
}

/// How far a delegated task is; the raw values are the contract's.
package enum DelegationState: String, Sendable, Hashable {
    /// Given to somebody else, who is to resolve it.
    case pending = "PENDING"
    /// Back at its owner.
    case resolved = "RESOLVED"
}

/// A form by its key, and which version of it.
package struct FormReference: Sendable, Hashable {
    package var key: String
    /// `deployment`, `latest` or `version`.
    package var binding: String?
    package var version: Int32?

    package init(key: String, binding: String?, version: Int32?) {
        self.key = key
        self.binding = binding
        self.version = version
    }
}

/// A user or a group that has to do with a task.
///
/// Assignee and owner are properties of the task, and are no links here.
package struct IdentityLink: Sendable, Hashable {
    package var type: String
    package var party: Party

    package enum Party: Sendable, Hashable {
        case user(String)
        case group(String)
    }

    /// Who may take the task.
    package static let candidate = "candidate"

    package init(type: String, _ party: Party) {
        self.type = type
        self.party = party
    }
}

// MARK: Tasks that belong to no process

extension UserTask {
    /// Whether the task belongs to no process; it is the root of its own tree then.
    package var isStandalone: Bool { place.scope == id.execution }
}

extension Place {
    /// Where a task stands that belongs to no process: nowhere, since `startTime`.
    package init(ofStandalone id: UserTaskID, startTime: Instant) {
        self.init(
            instance: ProcessInstanceID(id.rawValue),
            definition: DefinitionID(""),
            scope: id.execution,
            path: [id.execution],
            activityID: "",
            activityInstance: ActivityInstanceID(""),
            parentActivityInstance: ActivityInstanceID(""),
            iteration: nil,
            startTime: startTime
        )
    }
}
