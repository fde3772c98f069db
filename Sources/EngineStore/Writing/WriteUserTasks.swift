import EngineCore
import FoundationEssentials
import Postgres

/// Inserts user tasks.
struct InsertUserTasks: Statement {
    var tasks: [UserTask]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    static let sql: SQLText = """
        insert into user_task (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, name, description, assignee, candidate_users,
            candidate_groups, due_time, follow_up_time, priority, form_key
        )
        select
            id, root_id, instance_id, scope_id, coalesce(string_to_array(path, ',')::uuid[], array[root_id]), definition_id, definition_key,
            activity_id, activity_instance_id, parent_activity_instance_id, iteration_id, create_time, name,
            description, assignee, coalesce(string_to_array(candidate_users, e'\\n'), '{}'),
            coalesce(string_to_array(candidate_groups, e'\\n'), '{}'), due_time, follow_up_time, priority, form_key
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[],
            $17::text[], $18::timestamptz[], $19::timestamptz[], $20::integer[], $21::text[]
        ) as row (
            id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, name, description, assignee, candidate_users,
            candidate_groups, due_time, follow_up_time, priority, form_key
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
        \.names,
        \.descriptions,
        \.assignees,
        \.users,
        \.groups,
        \.dueTimes,
        \.followUpTimes,
        \.priorities,
        \.formKeys
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
    private var createTimes: [PostgresTimestamp] { tasks.map { PostgresTimestamp($0.place.startTime) } }
    private var names: [String?] { tasks.map(\.name) }
    private var descriptions: [String?] { tasks.map(\.description) }
    private var assignees: [String?] { tasks.map(\.assignee) }
    private var users: [String?] { tasks.map(\.candidateUsers.column) }
    private var groups: [String?] { tasks.map(\.candidateGroups.column) }
    private var dueTimes: [PostgresTimestamp?] { tasks.map { $0.dueTime.map { PostgresTimestamp($0) } } }
    private var followUpTimes: [PostgresTimestamp?] { tasks.map { $0.followUpTime.map { PostgresTimestamp($0) } } }
    private var priorities: [Int32] { tasks.map(\.priority) }
    private var formKeys: [String?] { tasks.map(\.formKey) }
}

/// Writes what commands change in user tasks.
struct UpdateUserTasks: Statement {
    var tasks: [UserTask]

    static let sql: SQLText = """
        update user_task as task
        set suspended = row.suspended
        from unnest($1::uuid[], $2::boolean[]) as row (id, suspended)
        where task.id = row.id
        """

    static let parameters = ParameterEncoder(\Self.ids, \.suspended)

    private var ids: [UUID] { tasks.map(\.id.rawValue) }
    private var suspended: [Bool] { tasks.map(\.isSuspended) }
}

/// Removes user tasks.
struct DeleteUserTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from user_task where id = any ($1)"
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
            name, description, assignee, owner, due_time, follow_up_time, priority, start_time, end_time, delete_reason
        )
        select
            id, root_id, instance_id, definition_id, definition_key, id, activity_id, activity_instance_id, name,
            description, assignee, owner, due_time, follow_up_time, priority, start_time, end_time, delete_reason
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::integer[], $15::timestamptz[],
            $16::timestamptz[], $17::text[]
        ) as row (
            id, root_id, instance_id, definition_id, definition_key, activity_id, activity_instance_id, name,
            description, assignee, owner, due_time, follow_up_time, priority, start_time, end_time, delete_reason
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
        \.names,
        \.descriptions,
        \.assignees,
        \.owners,
        \.dueTimes,
        \.followUpTimes,
        \.priorities,
        \.startTimes,
        \.endTimes,
        \.reasons
    )

    private var ids: [UUID] { ended.map(\.task.id.rawValue) }
    private var roots: [UUID] { ended.map(\.task.place.root) }
    private var instances: [UUID] { ended.map(\.task.place.instance.rawValue) }
    private var definitions: [String] { ended.map(\.task.place.definition.rawValue) }
    private var definitionKeys: [String] { ended.map { keys[$0.task.place.definition] ?? "" } }
    private var activities: [String] { ended.map(\.task.place.activityID) }
    private var activityInstances: [String] { ended.map(\.task.place.activityInstance.rawValue) }
    private var names: [String?] { ended.map(\.task.name) }
    private var descriptions: [String?] { ended.map(\.task.description) }
    private var assignees: [String?] { ended.map(\.task.assignee) }
    private var owners: [String?] { ended.map(\.task.owner) }
    private var dueTimes: [PostgresTimestamp?] { ended.map { $0.task.dueTime.map { PostgresTimestamp($0) } } }
    private var followUpTimes: [PostgresTimestamp?] {
        ended.map { $0.task.followUpTime.map { PostgresTimestamp($0) } }
    }
    private var priorities: [Int32] { ended.map(\.task.priority) }
    private var startTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.task.place.startTime) } }
    private var endTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.endTime) } }
    private var reasons: [String?] { ended.map(\.deleteReason) }
}
