import BatonClient
import JSON

/// What a test engine knows: a value that is asked and changed under a lock.
///
/// Operations throw ``Reply`` for what they refuse, before they have changed anything.
struct EngineState: Sendable {
    /// In the order of their creation.
    var tasks: [StoredTask] = []
    var instances: [String: StoredInstance] = [:]
    var definitions: [String: StoredDefinition] = [:]
    /// The messages that somebody waits for, with how many do.
    var awaitedMessages: [String: Int] = [:]
    var faults: [InjectedFault] = []
    var calls: [RecordedCall] = []
    /// How many fetches wait for tasks.
    var parkedPolls = 0
    /// Who waits for a change.
    var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
    /// Counts changes, so that none is missed between a look and a wait.
    private(set) var version = 0
    private var lastID = 0

    mutating func nextID(_ prefix: String) -> String {
        lastID += 1
        return "\(prefix)-\(lastID)"
    }

    /// Notes that something changed; returns who waits for that.
    mutating func changed() -> [CheckedContinuation<Void, any Error>] {
        version += 1
        defer { waiters = [:] }
        return Array(waiters.values)
    }

    /// Where a task is that is not at its end.
    func openTask(_ id: String) -> Int? {
        tasks.firstIndex { $0.id == id && $0.status == .open }
    }

    /// Where a task is whose own variables an execution has.
    func task(ofExecution id: String) -> Int? {
        tasks.firstIndex { $0.executionID == id && $0.status == .open }
    }
}

// MARK: Making tasks

extension EngineState {
    /// Starts an instance of a definition, up to its first task.
    mutating func start(
        _ definition: StoredDefinition,
        businessKey: String?,
        variables: [String: JSONValue],
        at now: Duration
    ) -> StoredInstance {
        let instance = StoredInstance(
            id: nextID("instance"),
            definition: definition,
            businessKey: businessKey,
            variables: variables,
            upcoming: definition.topics
        )
        instances[instance.id] = instance
        goOn(instance.id, at: now)
        return instance
    }

    /// Makes the next task of an instance, if there is one.
    mutating func goOn(_ instanceID: String, at now: Duration) {
        guard let topic = instances[instanceID]?.upcoming.first else { return }
        instances[instanceID]?.upcoming.removeFirst()
        add(topic, to: instanceID, at: now)
    }

    /// Makes a task; returns its id.
    @discardableResult
    mutating func add(
        _ topic: String,
        to instanceID: String,
        at now: Duration,
        _ change: (inout StoredTask) -> Void = { _ in }
    ) -> String {
        var task = StoredTask(
            id: nextID("task"),
            topic: topic,
            instanceID: instanceID,
            executionID: nextID("execution"),
            activityID: topic,
            createTime: now,
            priority: 0,
            extensionProperties: [:]
        )
        change(&task)
        tasks.append(task)
        return task.id
    }
}
