import EngineCore
import FoundationEssentials
import Postgres

/// Inserts user tasks.
struct InsertUserTasks: Statement {
    var tasks: [UserTask]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    // What a task that belongs to no process does not have is empty in the core, and null here.
    static let sql: SQLText = """
        insert into user_task (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, name, description, assignee, owner,
            delegation_state, due_time, follow_up_time, priority, form_key, form_reference_key,
            form_reference_binding, form_reference_version, parent_task_id, tenant_id, last_update_time, suspended
        )
        select
            id, root_id, instance_id, scope_id, coalesce(string_to_array(path, ',')::uuid[], array[root_id]),
            nullif(definition_id, ''), nullif(definition_key, ''), nullif(activity_id, ''),
            nullif(activity_instance_id, ''), nullif(parent_activity_instance_id, ''), iteration_id, create_time, name,
            description, assignee, owner, delegation_state, due_time, follow_up_time, priority, form_key,
            form_reference_key, form_reference_binding, form_reference_version, parent_task_id, tenant_id,
            last_update_time, suspended
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[],
            $17::text[], $18::timestamptz[], $19::timestamptz[], $20::integer[], $21::text[], $22::text[], $23::text[],
            $24::integer[], $25::uuid[], $26::text[], $27::timestamptz[], $28::boolean[]
        ) as row (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, name, description, assignee, owner,
            delegation_state, due_time, follow_up_time, priority, form_key, form_reference_key,
            form_reference_binding, form_reference_version, parent_task_id, tenant_id, last_update_time, suspended
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
        \.createTimes,
        \.properties.names,
        \.properties.descriptions,
        \.properties.assignees,
        \.properties.owners,
        \.properties.delegations,
        \.properties.dueTimes,
        \.properties.followUpTimes,
        \.properties.priorities,
        \.formKeys,
        \.formReferences,
        \.formBindings,
        \.formVersions,
        \.properties.parents,
        \.tenants,
        \.properties.lastUpdateTimes,
        \.properties.suspended
    )

    private var properties: UserTaskColumns { UserTaskColumns(tasks: tasks) }
    private var ids: [UUID] { tasks.map(\.id.rawValue) }
    private var roots: [UUID] { tasks.map(\.place.root) }
    private var instances: [UUID?] { tasks.map { $0.isStandalone ? nil : $0.place.instance.rawValue } }
    private var scopes: [UUID] { tasks.map(\.place.scope.rawValue) }
    private var paths: [String?] { tasks.map(\.place.path.column) }
    private var definitions: [String] { tasks.map(\.place.definition.rawValue) }
    private var definitionKeys: [String] { tasks.map { keys[$0.place.definition] ?? "" } }
    private var activities: [String] { tasks.map(\.place.activityID) }
    private var activityInstances: [String] { tasks.map(\.place.activityInstance.rawValue) }
    private var parentInstances: [String] { tasks.map(\.place.parentActivityInstance.rawValue) }
    private var iterations: [UUID?] { tasks.map { $0.place.iteration?.rawValue } }
    private var createTimes: [PostgresTimestamp] { tasks.map { PostgresTimestamp($0.place.startTime) } }
    private var formKeys: [String?] { tasks.map(\.formKey) }
    private var formReferences: [String?] { tasks.map { $0.formReference?.key } }
    private var formBindings: [String?] { tasks.map { $0.formReference?.binding } }
    private var formVersions: [Int32?] { tasks.map { $0.formReference?.version } }
    private var tenants: [String?] { tasks.map(\.tenantID) }
}

/// What can change in user tasks, column by column.
private struct UserTaskColumns {
    var tasks: [UserTask]

    var names: [String?] { tasks.map(\.name) }
    var descriptions: [String?] { tasks.map(\.description) }
    var assignees: [String?] { tasks.map(\.assignee) }
    var owners: [String?] { tasks.map(\.owner) }
    var delegations: [String?] { tasks.map { $0.delegation?.rawValue } }
    var dueTimes: [PostgresTimestamp?] { tasks.map { $0.dueTime.map { PostgresTimestamp($0) } } }
    var followUpTimes: [PostgresTimestamp?] { tasks.map { $0.followUpTime.map { PostgresTimestamp($0) } } }
    var priorities: [Int32] { tasks.map(\.priority) }
    var parents: [UUID?] { tasks.map { $0.parent?.rawValue } }
    var lastUpdateTimes: [PostgresTimestamp?] { tasks.map { $0.lastUpdateTime.map { PostgresTimestamp($0) } } }
    var suspended: [Bool] { tasks.map(\.isSuspended) }
}

/// Writes what commands change in user tasks.
struct UpdateUserTasks: Statement {
    var tasks: [UserTask]

    static let sql: SQLText = """
        update user_task as task
        set
            suspended = row.suspended,
            name = row.name,
            description = row.description,
            assignee = row.assignee,
            owner = row.owner,
            delegation_state = row.delegation_state,
            due_time = row.due_time,
            follow_up_time = row.follow_up_time,
            priority = row.priority,
            parent_task_id = row.parent_task_id,
            tenant_id = row.tenant_id,
            last_update_time = row.last_update_time
        from unnest(
            $1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
            $9::timestamptz[], $10::integer[], $11::uuid[], $12::text[], $13::timestamptz[]
        ) as row (
            id, suspended, name, description, assignee, owner, delegation_state, due_time, follow_up_time, priority,
            parent_task_id, tenant_id, last_update_time
        )
        where task.id = row.id
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.properties.suspended,
        \.properties.names,
        \.properties.descriptions,
        \.properties.assignees,
        \.properties.owners,
        \.properties.delegations,
        \.properties.dueTimes,
        \.properties.followUpTimes,
        \.properties.priorities,
        \.properties.parents,
        \.tenants,
        \.properties.lastUpdateTimes
    )

    private var properties: UserTaskColumns { UserTaskColumns(tasks: tasks) }
    private var ids: [UUID] { tasks.map(\.id.rawValue) }
    private var tenants: [String?] { tasks.map(\.tenantID) }
}

/// Removes user tasks with their identity links.
struct DeleteUserTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        with deleted_identity_link as (delete from identity_link where task_id = any ($1))
        delete from user_task where id = any ($1)
        """
    static let parameters = ParameterEncoder(\Self.ids)
}

/// Writes ended user tasks into history.
struct InsertHistoryTasks: Statement {
    var ended: [EndedUserTask]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    static let sql: SQLText = """
        insert into history_task (
            id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id, activity_instance_id,
            name, description, assignee, owner, due_time, follow_up_time, priority, start_time, end_time,
            delete_reason, parent_task_id, tenant_id
        )
        select
            id, root_id, instance_id, nullif(definition_id, ''), nullif(definition_key, ''), id,
            nullif(activity_id, ''), nullif(activity_instance_id, ''), name, description, assignee, owner, due_time,
            follow_up_time, priority, start_time, end_time, delete_reason, parent_task_id, tenant_id
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::integer[], $15::timestamptz[],
            $16::timestamptz[], $17::text[], $18::uuid[], $19::text[]
        ) as row (
            id, root_id, instance_id, definition_id, definition_key, activity_id, activity_instance_id, name,
            description, assignee, owner, due_time, follow_up_time, priority, start_time, end_time, delete_reason,
            parent_task_id, tenant_id
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
        \.properties.names,
        \.properties.descriptions,
        \.properties.assignees,
        \.properties.owners,
        \.properties.dueTimes,
        \.properties.followUpTimes,
        \.properties.priorities,
        \.startTimes,
        \.endTimes,
        \.reasons,
        \.properties.parents,
        \.tenants
    )

    private var properties: UserTaskColumns { UserTaskColumns(tasks: ended.map(\.task)) }

    private var ids: [UUID] { ended.map(\.task.id.rawValue) }
    private var roots: [UUID] { ended.map(\.task.place.root) }
    private var instances: [UUID?] { ended.map { $0.task.isStandalone ? nil : $0.task.place.instance.rawValue } }
    private var definitions: [String] { ended.map(\.task.place.definition.rawValue) }
    private var definitionKeys: [String] { ended.map { keys[$0.task.place.definition] ?? "" } }
    private var activities: [String] { ended.map(\.task.place.activityID) }
    private var activityInstances: [String] { ended.map(\.task.place.activityInstance.rawValue) }
    private var startTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.task.place.startTime) } }
    private var endTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.endTime) } }
    private var reasons: [String?] { ended.map(\.deleteReason) }
    private var tenants: [String?] { ended.map(\.task.tenantID) }
}
