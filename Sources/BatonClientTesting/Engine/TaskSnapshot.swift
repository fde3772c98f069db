public import BatonClient

/// A task of a ``TestEngine`` as it is at one moment.
public struct TaskSnapshot: Sendable {
    /// Where a task is in its life; later versions may know more.
    public struct Status: Sendable, Hashable {
        enum Kind: Sendable, Hashable { case open, completed, bpmnError(BPMNError) }

        let kind: Kind

        /// It waits for a worker, is worked on, or has failed.
        public static let open = Status(kind: .open)
        /// It was completed.
        public static let completed = Status(kind: .completed)
        /// It left by an error of the business.
        public static func bpmnError(_ error: BPMNError) -> Status { Status(kind: .bpmnError(error)) }
    }

    /// The task's id.
    public let id: String
    /// The task's topic.
    public let topic: String
    /// Where it is in its life.
    public let status: Status
    /// The worker that holds it, or held it last.
    public let workerID: String?
    /// How long nobody else gets it, because of a lock or after a failure; zero when it is free.
    public let lockRemaining: Duration
    /// The remaining attempts; nil before the first failure.
    public let retries: Int?
    /// The message of the last failure.
    public let errorMessage: String?
    /// The details of the last failure.
    public let errorDetails: String?
    /// The task's priority.
    public let priority: Int64
    /// The variables of its process instance, with the content of files.
    public let variables: Variables
    /// The task's own variables, with the content of files.
    public let localVariables: Variables
    /// Its process instance.
    public let processInstanceID: String

    /// Whether it was completed.
    public var isCompleted: Bool { status == .completed }

    /// Whether a worker holds it: the lock has an owner and is not over.
    public var isLocked: Bool { status == .open && workerID != nil && lockRemaining > .zero }

    /// Whether people must help: no attempts are left.
    public var isIncident: Bool { status == .open && retries == 0 }

    /// The code of the error of the business by which it left.
    public var bpmnErrorCode: String? {
        if case .bpmnError(let error) = status.kind { error.code } else { nil }
    }

    init(_ task: StoredTask, in state: EngineState, at now: Duration) {
        id = task.id
        topic = task.topic
        status = task.status
        workerID = task.workerID
        lockRemaining = task.lockEnd.map { max(.zero, $0 - now) } ?? .zero
        retries = task.retries
        errorMessage = task.errorMessage
        errorDetails = task.errorDetails
        priority = task.priority
        variables = WireVariable.variables(state.instances[task.instanceID]?.variables ?? [:])
        localVariables = WireVariable.variables(task.variables)
        processInstanceID = task.instanceID
    }
}
