public import Foundation

/// A task as a fetch hands it out.
public struct ExternalTask: Sendable, Hashable {
    /// The task's id, an opaque text.
    public var id: String
    /// The worker that the task is locked for.
    public var workerID: String
    /// The topic that it was fetched for.
    public var topic: String
    /// The variables that the topic's options ask for.
    public var variables: Variables
    /// The business key of the process instance.
    public var businessKey: String?
    /// The remaining attempts; nil before the first failure.
    public var retries: Int?
    /// The task's priority; higher is more urgent.
    public var priority: Int64
    /// When the lock runs out, by the **server's** clock.
    public var lockExpiration: Date?
    /// When the task was created, by the server's clock; servers before 7.21 do not say.
    public var createTime: Date?
    /// The message of the last failure.
    public var errorMessage: String?
    /// The details of the last failure.
    public var errorDetails: String?
    /// The activity's id in the model.
    public var activityID: String
    /// The id of the run through the activity.
    public var activityInstanceID: String
    /// The execution that the task's own variables belong to.
    public var executionID: String
    /// The process instance.
    public var processInstanceID: String
    /// The process definition.
    public var processDefinitionID: String
    /// The process definition's key.
    public var processDefinitionKey: String
    /// The process definition's version tag.
    public var processDefinitionVersionTag: String?
    /// The tenant that the task belongs to.
    public var tenantID: String?
    /// The activity's extension properties, when the topic's options ask for them; a property without value is nil.
    public var extensionProperties: [String: String?]

    /// A task with these properties; for tests of handlers, most have a default.
    public init(
        id: String,
        workerID: String = "worker",
        topic: String,
        variables: Variables = [:],
        businessKey: String? = nil,
        retries: Int? = nil,
        priority: Int64 = 0,
        lockExpiration: Date? = nil,
        createTime: Date? = nil,
        errorMessage: String? = nil,
        errorDetails: String? = nil,
        activityID: String = "activity",
        activityInstanceID: String = "activity:instance",
        executionID: String = "execution",
        processInstanceID: String = "instance",
        processDefinitionID: String = "process:1:definition",
        processDefinitionKey: String = "process",
        processDefinitionVersionTag: String? = nil,
        tenantID: String? = nil,
        extensionProperties: [String: String?] = [:]
    ) {
        self.id = id
        self.workerID = workerID
        self.topic = topic
        self.variables = variables
        self.businessKey = businessKey
        self.retries = retries
        self.priority = priority
        self.lockExpiration = lockExpiration
        self.createTime = createTime
        self.errorMessage = errorMessage
        self.errorDetails = errorDetails
        self.activityID = activityID
        self.activityInstanceID = activityInstanceID
        self.executionID = executionID
        self.processInstanceID = processInstanceID
        self.processDefinitionID = processDefinitionID
        self.processDefinitionKey = processDefinitionKey
        self.processDefinitionVersionTag = processDefinitionVersionTag
        self.tenantID = tenantID
        self.extensionProperties = extensionProperties
    }

    /// What another process needs to report on the task.
    ///
    /// It does not know the address of the API; ``TaskContext/handle`` does.
    public var handle: TaskHandle {
        TaskHandle(
            id: id,
            workerID: workerID,
            topic: topic,
            processInstanceID: processInstanceID,
            executionID: executionID
        )
    }
}
