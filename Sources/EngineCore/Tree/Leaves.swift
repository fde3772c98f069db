package import Expressions

/// A resting token that workers fetch.
///
/// Its id is its execution id.
package struct ExternalTask: Sendable, Hashable {
    package var id: ExternalTaskID
    package var place: Place
    /// Nil makes a task that nobody can fetch.
    package var topic: String?
    package var priority: Int64
    /// Attempts left; nil until the first failure report.
    package var retries: Int32?
    /// Of the last failure; at most ``maximumMessageLength`` UTF-16 units.
    package var errorMessage: String?
    package var errorDetails: String?
    package var worker: WorkerID?
    package var lockExpiration: Instant?
    package var isSuspended: Bool
    /// May be claimed now: not held, retries left, not suspended.
    package var isReady: Bool

    /// The longest error message that is kept, in UTF-16 code units.
    package static let maximumMessageLength = 666

    package init(
        id: ExternalTaskID,
        place: Place,
        topic: String?,
        priority: Int64,
        retries: Int32? = nil,
        errorMessage: String? = nil,
        errorDetails: String? = nil,
        worker: WorkerID? = nil,
        lockExpiration: Instant? = nil,
        isSuspended: Bool = false,
        isReady: Bool = true
    ) {
        self.id = id
        self.place = place
        self.topic = topic
        self.priority = priority
        self.retries = retries
        self.errorMessage = errorMessage
        self.errorDetails = errorDetails
        self.worker = worker
        self.lockExpiration = lockExpiration
        self.isSuspended = isSuspended
        self.isReady = isReady
    }
}

/// A token that rests without work to offer.
package struct Token: Sendable, Hashable {
    package var id: ExecutionID
    package var place: Place
    package var kind: Kind

    package enum Kind: Sendable, Hashable {
        /// Waits at a join for the others.
        case arrivedAtJoin
        /// An iteration of a parallel multi-instance that has ended; its variables stay visible until the body ends.
        case endedIteration
        /// Waits for one of its subscriptions; the token's id is its variable scope.
        case waitsForEvent
        /// Waits for a call that names its execution; the token's id is its variable scope.
        case waitsForCall

        /// Whether the activity goes on when somebody says so.
        package var isWait: Bool { self == .waitsForEvent || self == .waitsForCall }
    }

    package init(id: ExecutionID, place: Place, kind: Kind) {
        self.id = id
        self.place = place
        self.kind = kind
    }
}

/// Something that cannot go on until somebody looks at it.
package struct Incident: Sendable, Hashable {
    package var id: IncidentID
    package var place: Place
    package var execution: ExecutionID
    package var message: String?
    /// The external task that has no retries left.
    package var configuration: ExternalTaskID
    /// The log entry of the failure that raised it.
    package var historyConfiguration: LogEntryID?
    package var createTime: Instant

    /// The incident type of an external task without retries.
    package static let failedExternalTask = "failedExternalTask"

    package init(
        id: IncidentID,
        place: Place,
        execution: ExecutionID,
        message: String?,
        configuration: ExternalTaskID,
        historyConfiguration: LogEntryID?,
        createTime: Instant
    ) {
        self.id = id
        self.place = place
        self.execution = execution
        self.message = message
        self.configuration = configuration
        self.historyConfiguration = historyConfiguration
        self.createTime = createTime
    }
}

/// A variable of one scope.
package struct Variable: Sendable, Hashable {
    package var id: VariableID
    /// The execution that is its scope.
    package var owner: ExecutionID
    package var root: ProcessInstanceID
    package var instance: ProcessInstanceID
    /// The activity instance that lists and history name as its scope.
    package var activityInstance: ActivityInstanceID
    package var name: String
    /// Nil while only the name is loaded.
    package var value: VariableValue?
    package var isTransient: Bool
    package var createTime: Instant

    package init(
        id: VariableID,
        owner: ExecutionID,
        root: ProcessInstanceID,
        instance: ProcessInstanceID,
        activityInstance: ActivityInstanceID,
        name: String,
        value: VariableValue?,
        isTransient: Bool = false,
        createTime: Instant
    ) {
        self.id = id
        self.owner = owner
        self.root = root
        self.instance = instance
        self.activityInstance = activityInstance
        self.name = name
        self.value = value
        self.isTransient = isTransient
        self.createTime = createTime
    }
}
