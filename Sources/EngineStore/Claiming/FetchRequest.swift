package import EngineCore

/// A worker's wish for external tasks.
///
/// See the REST reference, *Fetch and lock*, for the meaning of each field.
package struct FetchRequest: Sendable {
    package let worker: WorkerID
    /// The most tasks over all topics, at least 0; with 0 nothing is ever found.
    package let maxTasks: Int
    package let order: FetchOrder
    /// Each topic once; when a topic was named twice, the later entry counts.
    package let topics: [TopicRequest]
    /// How long to wait when there is nothing; nil does not wait.
    package let timeout: Duration?

    package init(
        worker: WorkerID,
        maxTasks: Int,
        order: FetchOrder = FetchOrder(),
        topics: [TopicRequest],
        timeout: Duration? = nil
    ) {
        self.worker = worker
        self.maxTasks = maxTasks
        self.order = order
        var places: [String: Int] = [:]
        self.topics = topics.reduce(into: []) { kept, entry in
            if let place = places[entry.topic] {
                kept[place] = entry
            } else {
                places[entry.topic] = kept.count
                kept.append(entry)
            }
        }
        self.timeout = timeout
    }

    /// The most tasks that it gets.
    package var limit: Int { min(maxTasks, Claim.maximumTasks) }

    /// Whether some topic takes only some of its tasks.
    package var hasFilter: Bool { topics.contains(where: \.hasFilter) }
}

/// Which tasks to take first; when nothing is asked for, the oldest.
package struct FetchOrder: Sendable, Hashable {
    /// Whether the highest priority goes before everything else.
    package var usePriority: Bool
    /// By create time, or nil when that was not asked for.
    package var createTime: SortDirection?

    package init(usePriority: Bool = false, createTime: SortDirection? = nil) {
        self.usePriority = usePriority
        self.createTime = createTime
    }

    package enum SortDirection: Sendable, Hashable { case ascending, descending }

    var isNewestFirst: Bool { createTime == .descending }
}

/// What a worker wants of one topic.
package struct TopicRequest: Sendable {
    package var topic: String
    /// How long the tasks stay the worker's, at least 1.
    package var lockMilliseconds: Int64
    /// Names of the variables to hand over: nil all, empty none.
    package var variables: [String]?
    /// Whether only variables of the task's own scope are handed over.
    package var localVariables = false
    package var deserializeValues = false
    /// Whether the activity's extension properties are handed over.
    package var includeExtensionProperties = false

    // Filters; all that are set must hold.

    /// The business key of the task's own process instance; empty is a key, too.
    package var businessKey: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    /// Empty is no filter; nulls match nothing.
    package var processDefinitionIDIn: [String?] = []
    /// Empty is no filter; nulls match nothing.
    package var processDefinitionKeyIn: [String?] = []
    /// A pattern: `%` stands for any text, `_` for any character, and nothing escapes them.
    package var processDefinitionVersionTag: String?
    /// Variables of the process instance's own scope, one of which must have this value and this stored type.
    ///
    /// Values are of primitive types.
    package var processVariables: [VariableInput] = []
    /// Empty is no filter; nulls match nothing; unless nil, ``withoutTenantID`` has no effect.
    package var tenantIDIn: [String?]?
    package var withoutTenantID = false

    package init(topic: String, lockMilliseconds: Int64) {
        self.topic = topic
        self.lockMilliseconds = lockMilliseconds
    }

    /// Locks are no longer than this, a hundred years, so that every expiration is a moment that the database can hold.
    package static let longestLockMilliseconds: Int64 = 100 * 366 * 86_400_000

    /// The lock's duration within its bounds.
    package var boundedLockMilliseconds: Int64 { min(max(lockMilliseconds, 1), Self.longestLockMilliseconds) }

    /// Whether only some of the topic's tasks are wanted.
    package var hasFilter: Bool {
        businessKey != nil || processDefinitionID != nil || processDefinitionKey != nil
            || !processDefinitionIDIn.isEmpty || !processDefinitionKeyIn.isEmpty
            || processDefinitionVersionTag != nil || !processVariables.isEmpty || filtersByTenant
    }

    var filtersByTenant: Bool { tenantIDIn.map { !$0.isEmpty } ?? withoutTenantID }
}
