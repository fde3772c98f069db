/// All that is needed to report on a task, also from another process.
///
/// Encode it, store it or send it along, and complete the task where the answer arrives:
/// `try await client.complete(handle, variables: ["answer": "yes"])`. Whoever has it must extend the lock in time.
public struct TaskHandle: Sendable, Hashable, Codable {
    /// The external task's id.
    public var id: String
    /// The worker that holds the task; reports are refused when another one does.
    public var workerID: String
    /// The topic that the task was fetched for; nil when unknown.
    public var topic: String?
    /// The process instance that the task belongs to; nil when unknown.
    public var processInstanceID: String?
    /// The execution that the task's own variables belong to; nil when unknown.
    public var executionID: String?
    /// The address of the API that the task was fetched from, without credentials, for a process that must find it.
    public var engineURL: String?

    /// A handle on a task that `workerID` holds.
    public init(
        id: String,
        workerID: String,
        topic: String? = nil,
        processInstanceID: String? = nil,
        executionID: String? = nil,
        engineURL: String? = nil
    ) {
        self.id = id
        self.workerID = workerID
        self.topic = topic
        self.processInstanceID = processInstanceID
        self.executionID = executionID
        self.engineURL = engineURL
    }
}
