package import BPMN
package import EngineCore
package import Expressions
package import Postgres

/// An external task that was locked for a worker, with all that the worker is told.
package struct LockedTask: Sendable {
    package var id: ExternalTaskID
    package var worker: WorkerID
    package var topic: String
    package var activityID: String
    package var activityInstanceID: ActivityInstanceID
    package var processInstanceID: ProcessInstanceID
    package var processDefinitionID: DefinitionID
    package var processDefinitionKey: String
    package var processDefinitionVersionTag: String?
    package var tenantID: String?
    package var businessKey: String?
    package var priority: Int64
    package var retries: Int32?
    package var createTime: Instant
    package var errorMessage: String?
    /// In full.
    package var errorDetails: String?
    /// Exactly as the database holds it, so that a release concerns this lock and no later one.
    package var lockExpiration: PostgresTimestamp
    /// By name; of files all but the content.
    package var variables: [(name: String, value: VariableValue)] = []
    /// Which of the variables are so large that they are read after the claim.
    package var largeValues: [LargeValue] = []
    /// Of the activity, when they were asked for.
    package var extensionProperties: [ExtensionProperty] = []
    /// Whether the worker asked for deserialized values of this topic.
    package var deserializeValues = false

    /// The execution id of the task.
    package var executionID: ExecutionID { id.execution }
    /// When the lock runs out.
    package var lockExpirationTime: Instant { Instant(lockExpiration) }

    init(_ row: ClaimedTask, for worker: WorkerID) {
        id = ExternalTaskID(row.id)
        self.worker = worker
        topic = row.topic
        activityID = row.activityID
        activityInstanceID = ActivityInstanceID(row.activityInstanceID)
        processInstanceID = ProcessInstanceID(row.instanceID)
        processDefinitionID = DefinitionID(row.definitionID)
        processDefinitionKey = row.definitionKey
        priority = row.priority
        retries = row.retries
        createTime = Instant(row.createTime)
        errorMessage = row.errorMessage
        errorDetails = row.errorDetails
        lockExpiration = row.lockExpiration
    }
}
