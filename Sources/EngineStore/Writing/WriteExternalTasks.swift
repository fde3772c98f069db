import EngineCore
import FoundationEssentials
import Postgres

/// Inserts external tasks.
struct InsertExternalTasks: Statement {
    var tasks: [ExternalTask]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    static let sql: SQLText = """
        insert into external_task (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, topic, priority, create_time, retries, error_message,
            error_details, worker_id, lock_expiration, suspended, ready
        )
        select
            id, root_id, instance_id, scope_id, coalesce(string_to_array(path, ',')::uuid[], array[root_id]), definition_id, definition_key,
            activity_id, activity_instance_id, parent_activity_instance_id, iteration_id, topic, priority, create_time,
            retries, error_message, error_details, worker_id, lock_expiration, suspended, ready
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::text[], $13::bigint[], $14::timestamptz[], $15::integer[], $16::text[],
            $17::text[], $18::text[], $19::timestamptz[], $20::boolean[], $21::boolean[]
        ) as row (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, topic, priority, create_time, retries, error_message,
            error_details, worker_id, lock_expiration, suspended, ready
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.scopes,
        \.paths,
        \.definitions,
        \.definitionKeys,
        \.activities,
        \.activityInstances,
        \.parentInstances,
        \.iterations,
        \.topics,
        \.priorities,
        \.createTimes,
        \.retries,
        \.messages,
        \.details,
        \.workers,
        \.expirations,
        \.suspended,
        \.ready
    )

    private var ids: [UUID] { tasks.map(\.id.rawValue) }
    private var roots: [UUID] { tasks.map(\.place.root) }
    private var instances: [UUID] { tasks.map(\.place.instance.rawValue) }
    private var scopes: [UUID] { tasks.map(\.place.scope.rawValue) }
    private var paths: [String?] { tasks.map(\.place.path.column) }
    private var definitions: [String] { tasks.map(\.place.definition.rawValue) }
    private var definitionKeys: [String] { tasks.map { keys[$0.place.definition] ?? "" } }
    private var activities: [String] { tasks.map(\.place.activityID) }
    private var activityInstances: [String] { tasks.map(\.place.activityInstance.rawValue) }
    private var parentInstances: [String] { tasks.map(\.place.parentActivityInstance.rawValue) }
    private var iterations: [UUID?] { tasks.map { $0.place.iteration?.rawValue } }
    private var topics: [String?] { tasks.map(\.topic) }
    private var priorities: [Int64] { tasks.map(\.priority) }
    private var createTimes: [PostgresTimestamp] { tasks.map { PostgresTimestamp($0.place.startTime) } }
    private var retries: [Int32?] { tasks.map(\.retries) }
    private var messages: [String?] { tasks.map(\.errorMessage) }
    private var details: [String?] { tasks.map(\.errorDetails) }
    private var workers: [String?] { tasks.map { $0.worker?.rawValue } }
    private var expirations: [PostgresTimestamp?] { tasks.map { $0.lockExpiration.map { PostgresTimestamp($0) } } }
    private var suspended: [Bool] { tasks.map(\.isSuspended) }
    private var ready: [Bool] { tasks.map(\.isReady) }
}

/// Writes what reports and operators change in external tasks.
///
/// A task that becomes claimable gets a new position.
struct UpdateExternalTasks: Statement {
    var tasks: [ExternalTask]

    static let sql: SQLText = """
        update external_task as task
        set
            priority = row.priority,
            retries = row.retries,
            error_message = row.error_message,
            error_details = row.error_details,
            worker_id = row.worker_id,
            lock_expiration = row.lock_expiration,
            suspended = row.suspended,
            ready = row.ready,
            position = case when row.ready and not task.ready then nextval('ready_position') else task.position end
        from unnest(
            $1::uuid[], $2::bigint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
            $8::boolean[], $9::boolean[]
        ) as row (
            id, priority, retries, error_message, error_details, worker_id, lock_expiration, suspended, ready
        )
        where task.id = row.id
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.priorities,
        \.retries,
        \.messages,
        \.details,
        \.workers,
        \.expirations,
        \.suspended,
        \.ready
    )

    private var ids: [UUID] { tasks.map(\.id.rawValue) }
    private var priorities: [Int64] { tasks.map(\.priority) }
    private var retries: [Int32?] { tasks.map(\.retries) }
    private var messages: [String?] { tasks.map(\.errorMessage) }
    private var details: [String?] { tasks.map(\.errorDetails) }
    private var workers: [String?] { tasks.map { $0.worker?.rawValue } }
    private var expirations: [PostgresTimestamp?] { tasks.map { $0.lockExpiration.map { PostgresTimestamp($0) } } }
    private var suspended: [Bool] { tasks.map(\.isSuspended) }
    private var ready: [Bool] { tasks.map(\.isReady) }
}

/// Removes external tasks.
struct DeleteExternalTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from external_task where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}

/// Adds entries to the external-task log.
struct InsertLogEntries: Statement {
    var entries: [ExternalTaskLogEntry]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    static let sql: SQLText = """
        insert into history_external_task_log (
            id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id, activity_instance_id,
            external_task_id, state, topic, worker_id, priority, retries, error_message, error_details, time
        )
        select
            id, root_id, instance_id, definition_id, definition_key, task_id, activity_id, activity_instance_id,
            task_id, state, topic, worker_id, priority, retries, error_message, error_details, time
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
            $10::text[], $11::text[], $12::bigint[], $13::integer[], $14::text[], $15::text[], $16::timestamptz[]
        ) as row (
            id, root_id, instance_id, definition_id, definition_key, activity_id, activity_instance_id, task_id, state,
            topic, worker_id, priority, retries, error_message, error_details, time
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.definitions,
        \.definitionKeys,
        \.activities,
        \.activityInstances,
        \.tasks,
        \.states,
        \.topics,
        \.workers,
        \.priorities,
        \.retries,
        \.messages,
        \.details,
        \.times
    )

    private var ids: [UUID] { entries.map(\.id.rawValue) }
    private var roots: [UUID] { entries.map(\.task.place.root) }
    private var instances: [UUID] { entries.map(\.task.place.instance.rawValue) }
    private var definitions: [String] { entries.map(\.task.place.definition.rawValue) }
    private var definitionKeys: [String] { entries.map { keys[$0.task.place.definition] ?? "" } }
    private var activities: [String] { entries.map(\.task.place.activityID) }
    private var activityInstances: [String] { entries.map(\.task.place.activityInstance.rawValue) }
    private var tasks: [UUID] { entries.map(\.task.id.rawValue) }
    private var states: [String] { entries.map(\.state.rawValue) }
    private var topics: [String?] { entries.map(\.task.topic) }
    private var workers: [String?] { entries.map { $0.task.worker?.rawValue } }
    private var priorities: [Int64] { entries.map(\.task.priority) }
    private var retries: [Int32?] { entries.map(\.task.retries) }
    private var messages: [String?] { entries.map { $0.state == .failed ? $0.task.errorMessage : nil } }
    private var details: [String?] { entries.map { $0.state == .failed ? $0.task.errorDetails : nil } }
    private var times: [PostgresTimestamp] { entries.map { PostgresTimestamp($0.time) } }
}
