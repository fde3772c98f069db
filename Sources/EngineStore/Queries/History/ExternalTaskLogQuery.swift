package import EngineCore
package import Expressions
package import FoundationEssentials
package import Postgres

/// Entries of the external-task log.
package struct ExternalTaskLogQuery: ListQuery {
    package var logID: String?
    package var externalTaskID: String?
    package var topicName: String?
    package var workerID: String?
    package var errorMessage: String?
    package var activityIDIn: [String]?
    package var activityInstanceIDIn: [String]?
    package var executionIDIn: [String]?
    package var processInstanceID: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var tenants = TenantFilter()
    package var priorityAtLeast: Int64?
    package var priorityAtMost: Int64?
    /// `created`, `failed`, `successful` or `deleted`; nil is any.
    package var state: String?
    /// The topics that whoever asks may see; nil for all.
    package var permittedTopics: Set<String>?
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case timestamp, externalTaskId, retries, priority, topicName, workerId, activityId, activityInstanceId
        case executionId, processInstanceId, processDefinitionId, processDefinitionKey, tenantId

        package var column: StaticString {
            switch self {
            case .timestamp: "l.time"
            case .externalTaskId: "l.external_task_id"
            case .retries: "l.retries"
            case .priority: "l.priority"
            case .topicName: "l.topic"
            case .workerId: "l.worker_id"
            case .activityId: "l.activity_id"
            case .activityInstanceId: "l.activity_instance_id"
            case .executionId: "l.execution_id"
            case .processInstanceId: "l.instance_id"
            case .processDefinitionId: "l.definition_id"
            case .processDefinitionKey: "l.definition_key"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id)"
            }
        }
    }

    package static let name: StaticString = "external task log"
    package static let defaultOrder: StaticString = "l.time, l.sequence"
    package static let columns: StaticString = """
        l.id, l.time, r.removal_time, l.external_task_id, l.topic, l.worker_id, l.priority, l.retries, l.error_message,
        l.activity_id, l.activity_instance_id, l.execution_id, l.instance_id, l.definition_id, l.definition_key,
        coalesce(d.tenant_id, x.tenant_id), l.root_id, l.state
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ExternalTaskLogView(
            id: row.id(),
            timestamp: row.moment(),
            removalTime: row.momentIfAny(),
            externalTaskID: row.id(),
            topicName: row.next(),
            workerID: row.next(),
            priority: row.next(),
            retries: row.next(),
            errorMessage: row.next(),
            activityID: row.next(),
            activityInstanceID: row.next(),
            executionID: row.id(),
            processInstanceID: row.id(),
            processDefinitionID: row.next(),
            processDefinitionKey: row.next(),
            tenantID: row.next(),
            rootProcessInstanceID: row.id(),
            state: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from history_external_task_log l
            left join process_definition d on d.id = l.definition_id
            left join deleted_definition x on x.id = l.definition_id
            left join history_process_instance r on r.id = l.root_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("l.id", id: logID)
        rows.equal("l.external_task_id", id: externalTaskID)
        rows.equal("l.topic", topicName)
        rows.among("l.topic", permittedTopics)
        rows.equal("l.worker_id", workerID)
        rows.equal("l.error_message", errorMessage)
        rows.any("l.activity_id", activityIDIn)
        rows.any("l.activity_instance_id", activityInstanceIDIn)
        rows.any("l.execution_id", ids: executionIDIn)
        rows.equal("l.instance_id", id: processInstanceID)
        rows.instances("l.instance_id", ofDefinition: processDefinitionID)
        rows.equal("l.definition_key", processDefinitionKey)
        rows.tenant("coalesce(d.tenant_id, x.tenant_id)", tenants)
        rows.add("l.priority >= ", priorityAtLeast)
        rows.add("l.priority <= ", priorityAtMost)
        rows.equal("l.state", state)
    }
}

/// An entry of the external-task log as lists show it: without error details.
package struct ExternalTaskLogView: Sendable {
    package var id: LogEntryID
    package var timestamp: Instant
    package var removalTime: Instant?
    package var externalTaskID: ExternalTaskID
    package var topicName: String?
    package var workerID: String?
    package var priority: Int64
    package var retries: Int32?
    package var errorMessage: String?
    package var activityID: String
    package var activityInstanceID: String
    package var executionID: ExecutionID
    package var processInstanceID: ProcessInstanceID
    package var processDefinitionID: String
    package var processDefinitionKey: String
    package var tenantID: String?
    package var rootProcessInstanceID: ProcessInstanceID
    /// `created`, `failed`, `successful` or `deleted`.
    package var state: String
}

/// Reads the error details of a log entry; no row when there is no such entry.
package struct ReadLogErrorDetails: Statement {
    package var id: UUID

    package static let sql: SQLText = "select error_details from history_external_task_log where id = $1"
    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder(String?.self)

    package init(_ id: LogEntryID) { self.id = id.rawValue }
}
