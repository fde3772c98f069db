package import EngineCore
package import Expressions
package import Postgres

/// External tasks that are open.
///
/// See the REST reference, *Queries: list, count, get, topic names*.
package struct ExternalTaskQuery: ListQuery {
    package var externalTaskID: String?
    package var externalTaskIDIn: [String]?
    package var topicName: String?
    package var workerID: String?
    package var activityID: String?
    package var activityIDIn: [String]?
    package var executionID: String?
    package var processInstanceID: String?
    package var processInstanceIDIn: [String]?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionKeyIn: [String]?
    package var processDefinitionName: String?
    package var processDefinitionNameLike: String?
    package var tenants = TenantFilter()
    package var isLocked = false
    package var isNotLocked = false
    package var withRetriesLeft = false
    package var noRetriesLeft = false
    package var isActive = false
    package var isSuspended = false
    package var lockExpirationBefore: Instant?
    package var lockExpirationAfter: Instant?
    package var priorityAtLeast: Int64?
    package var priorityAtMost: Int64?
    package var processVariables: [VariableFilter] = []
    /// The topics that whoever asks may see; nil for all.
    package var permittedTopics: Set<String>?
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case id, lockExpirationTime, processInstanceId, processDefinitionId, processDefinitionKey, tenantId
        case taskPriority, createTime

        package var column: StaticString {
            switch self {
            case .id: "t.id"
            case .lockExpirationTime: "t.lock_expiration"
            case .processInstanceId: "t.instance_id"
            case .processDefinitionId: "t.definition_id"
            case .processDefinitionKey: "t.definition_key"
            case .tenantId: "d.tenant_id"
            case .taskPriority: "t.priority"
            case .createTime: "t.create_time"
            }
        }
    }

    package static let name: StaticString = "external tasks"
    package static let defaultOrder: StaticString = "t.id"
    package static let tieBreaker: StaticString = "t.id desc"
    package static let columns: StaticString = """
        t.id, t.activity_id, t.activity_instance_id, t.error_message, t.lock_expiration, t.create_time, t.definition_id,
        t.definition_key, d.version_tag, t.instance_id, t.retries, t.suspended, t.worker_id, t.topic, d.tenant_id,
        t.priority, p.business_key
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ExternalTaskView(
            id: row.id(),
            activityID: row.next(),
            activityInstanceID: row.next(),
            errorMessage: row.next(),
            lockExpirationTime: row.momentIfAny(),
            createTime: row.moment(),
            processDefinitionID: row.next(),
            processDefinitionKey: row.next(),
            processDefinitionVersionTag: row.next(),
            processInstanceID: row.id(),
            retries: row.next(),
            isSuspended: row.next(),
            workerID: row.next(),
            topicName: row.next(),
            tenantID: row.next(),
            priority: row.next(),
            businessKey: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from external_task t
            left join process_definition d on d.id = t.definition_id
            left join process_instance p on p.id = t.instance_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("t.id", id: externalTaskID)
        rows.any("t.id", ids: externalTaskIDIn)
        rows.equal("t.id", id: executionID)
        rows.equal("t.topic", topicName)
        rows.among("t.topic", permittedTopics)
        rows.equal("t.worker_id", workerID)
        rows.equal("t.activity_id", activityID)
        rows.any("t.activity_id", activityIDIn)
        rows.equal("t.instance_id", id: processInstanceID)
        rows.any("t.instance_id", ids: processInstanceIDIn)
        rows.runningInstances("t.instance_id", ofDefinition: processDefinitionID)
        rows.equal("t.definition_key", processDefinitionKey)
        rows.any("t.definition_key", processDefinitionKeyIn)
        rows.equal("d.name", processDefinitionName)
        rows.like("d.name", processDefinitionNameLike)
        rows.tenant("d.tenant_id", tenants)
        rows.add("t.lock_expiration > statement_timestamp()", if: isLocked)
        rows.add("(t.lock_expiration is null or t.lock_expiration <= statement_timestamp())", if: isNotLocked)
        // The later of two contradicting filters counts.
        rows.add("t.retries = 0", if: noRetriesLeft)
        rows.add("(t.retries is null or t.retries > 0)", if: withRetriesLeft && !noRetriesLeft)
        rows.add("t.suspended", if: isSuspended)
        rows.add("not t.suspended", if: isActive && !isSuspended)
        rows.before("t.lock_expiration", lockExpirationBefore)
        rows.after("t.lock_expiration", lockExpirationAfter)
        rows.add("t.priority >= ", priorityAtLeast)
        rows.add("t.priority <= ", priorityAtMost)
        rows.variables(processVariables, "select from variable v where v.instance_id = t.instance_id")
    }
}

/// An open external task as lists show it.
package struct ExternalTaskView: Sendable {
    package var id: ExternalTaskID
    package var activityID: String
    package var activityInstanceID: String
    package var errorMessage: String?
    package var lockExpirationTime: Instant?
    package var createTime: Instant
    package var processDefinitionID: String
    package var processDefinitionKey: String
    package var processDefinitionVersionTag: String?
    package var processInstanceID: ProcessInstanceID
    package var retries: Int32?
    package var isSuspended: Bool
    package var workerID: String?
    package var topicName: String?
    package var tenantID: String?
    package var priority: Int64
    package var businessKey: String?
}

/// Reads the error details of an open external task; no row when there is no such task.
package struct ReadErrorDetails: Statement {
    package var id: ExternalTaskID

    package static let sql: SQLText = "select error_details from external_task where id = $1"
    package static let parameters = ParameterEncoder(\Self.id.rawValue)
    package static let rows = RowDecoder(String?.self)

    package init(_ id: ExternalTaskID) { self.id = id }
}

/// Reads the distinct topics of open external tasks; a missing topic is one, too.
package struct ReadTopicNames: Statement {
    package var onlyLocked: Bool
    package var onlyUnlocked: Bool
    package var onlyWithRetriesLeft: Bool

    package static let sql: SQLText = """
        select distinct topic
        from external_task
        where (not $1 or lock_expiration > statement_timestamp())
            and (not $2 or lock_expiration is null or lock_expiration <= statement_timestamp())
            and (not $3 or retries is null or retries > 0)
        order by topic
        """
    package static let parameters = ParameterEncoder(\Self.onlyLocked, \.onlyUnlocked, \.onlyWithRetriesLeft)
    package static let rows = RowDecoder(String?.self)

    /// The conditions are joined by *and*.
    package init(onlyLocked: Bool, onlyUnlocked: Bool, onlyWithRetriesLeft: Bool) {
        self.onlyLocked = onlyLocked
        self.onlyUnlocked = onlyUnlocked
        self.onlyWithRetriesLeft = onlyWithRetriesLeft
    }
}
