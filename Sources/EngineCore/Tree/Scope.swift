package import Expressions

/// A running process instance, sub-process or multi-instance body: what holds tokens and variables.
///
/// One small row; its size is bounded by the model, never by the number of children.
package struct Scope: Sendable, Hashable {
    package var id: ExecutionID
    package var kind: Kind
    package var instance: ProcessInstanceID
    package var definition: DefinitionID
    /// The scope around this one; nil for the root process instance.
    package var parent: ExecutionID?
    /// The scopes from the root process instance to this one, itself included.
    package var path: [ExecutionID]
    /// The sub-process's id; of a body the activity's id with ``Scope/bodySuffix``; of an instance the process's key.
    package var activityID: String
    package var activityInstance: ActivityInstanceID
    package var parentActivityInstance: ActivityInstanceID?
    /// The execution that holds the loop variables, when this is one iteration of a parallel multi-instance.
    package var iteration: ExecutionID?
    package var startTime: Instant
    /// Live tokens and inner scopes directly inside; the scope ends when none is left.
    package var openChildren: Int
    /// The joins that tokens wait at, once per waiting token.
    package var arrived: [String]

    /// What kind of scope, with what only that kind has.
    package enum Kind: Sendable, Hashable {
        case process(ProcessData)
        case subProcess
        case multiInstanceBody(Loop)
    }

    /// What makes the activity id of a body from that of its activity.
    package static let bodySuffix = "#multiInstanceBody"

    package init(
        id: ExecutionID,
        kind: Kind,
        instance: ProcessInstanceID,
        definition: DefinitionID,
        parent: ExecutionID?,
        path: [ExecutionID],
        activityID: String,
        activityInstance: ActivityInstanceID,
        parentActivityInstance: ActivityInstanceID?,
        iteration: ExecutionID?,
        startTime: Instant,
        openChildren: Int = 0,
        arrived: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.instance = instance
        self.definition = definition
        self.parent = parent
        self.path = path
        self.activityID = activityID
        self.activityInstance = activityInstance
        self.parentActivityInstance = parentActivityInstance
        self.iteration = iteration
        self.startTime = startTime
        self.openChildren = openChildren
        self.arrived = arrived
    }

    /// The root of the tree that this scope belongs to.
    package var root: ProcessInstanceID { ProcessInstanceID(path[0].rawValue) }

    /// The process's data, when this is a process instance.
    package var process: ProcessData? {
        guard case .process(let data) = kind else { return nil }
        return data
    }

    /// The loop, when this is a multi-instance body.
    package var loop: Loop? {
        guard case .multiInstanceBody(let loop) = kind else { return nil }
        return loop
    }
}

/// What a process instance has beyond other scopes.
package struct ProcessData: Sendable, Hashable {
    package var key: String
    package var businessKey: String?
    package var startActivityID: String?
    package var startUserID: String?
    package var isSuspended: Bool

    package init(
        key: String,
        businessKey: String?,
        startActivityID: String?,
        startUserID: String?,
        isSuspended: Bool = false
    ) {
        self.key = key
        self.businessKey = businessKey
        self.startActivityID = startActivityID
        self.startUserID = startUserID
        self.isSuspended = isSuspended
    }
}

/// How far a multi-instance has come.
package struct Loop: Sendable, Hashable {
    /// How many iterations there are to be.
    package var total: Int
    /// How many were begun.
    package var started: Int
    /// How many have ended by themselves.
    package var completed: Int

    package init(total: Int, started: Int = 0, completed: Int = 0) {
        self.total = total
        self.started = started
        self.completed = completed
    }
}
