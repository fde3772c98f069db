import BatonClient
import JSON

/// A task as the test engine keeps it.
struct StoredTask: Sendable {
    let id: String
    let topic: String
    let instanceID: String
    let executionID: String
    let activityID: String
    let createTime: Duration
    var priority: Int64
    var extensionProperties: [String: String?]
    var retries: Int?
    var workerID: String?
    /// When the lock, or the time after a failure, is over.
    var lockEnd: Duration?
    var errorMessage: String?
    var errorDetails: String?
    var isSuspended = false
    /// The task's own variables, as they are sent.
    var variables: [String: JSONValue] = [:]
    var status = TaskSnapshot.Status.open

    /// Whether a fetch may take it (available: see the contract's lock vocabulary).
    func isFree(at now: Duration) -> Bool {
        status == .open && !isSuspended && (retries ?? 1) > 0 && (lockEnd.map { $0 <= now } ?? true)
    }
}

/// A process instance as the test engine keeps it: variables, and the topics of the tasks to come.
struct StoredInstance: Sendable {
    let id: String
    let definition: StoredDefinition
    let businessKey: String?
    /// The process's variables, as they are sent.
    var variables: [String: JSONValue]
    /// The topics of the tasks that follow the one that is open.
    var upcoming: [String] = []
}

/// A process definition as the test engine keeps it.
struct StoredDefinition: Sendable {
    var id: String
    var key: String
    var versionTag: String?
    var tenantID: String?
    /// The topics of its tasks, one after the other.
    var topics: [String] = []
}
