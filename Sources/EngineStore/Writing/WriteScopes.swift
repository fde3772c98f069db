import EngineCore
import FoundationEssentials
import Postgres

/// Inserts process instances.
struct InsertInstances: Statement {
    var scopes: [Scope]

    static let sql: SQLText = """
        insert into process_instance (
            id, root_id, definition_id, definition_key, business_key, start_activity_id, start_user_id, start_time,
            open_children, arrived
        )
        select
            id, root_id, definition_id, definition_key, business_key, start_activity_id, start_user_id, start_time,
            open_children, coalesce(string_to_array(arrived, e'\\n'), '{}')
        from unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
            $9::integer[], $10::text[]
        ) as row (
            id, root_id, definition_id, definition_key, business_key, start_activity_id, start_user_id, start_time,
            open_children, arrived
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.definitions,
        \.keys,
        \.businessKeys,
        \.startActivities,
        \.users,
        \.startTimes,
        \.open,
        \.arrived
    )

    private var ids: [UUID] { scopes.map(\.id.rawValue) }
    private var roots: [UUID] { scopes.map(\.root.rawValue) }
    private var definitions: [String] { scopes.map(\.definition.rawValue) }
    private var keys: [String] { scopes.map(\.activityID) }
    private var businessKeys: [String?] { scopes.map { $0.process?.businessKey } }
    private var startActivities: [String?] { scopes.map { $0.process?.startActivityID } }
    private var users: [String?] { scopes.map { $0.process?.startUserID } }
    private var startTimes: [PostgresTimestamp] { scopes.map { PostgresTimestamp($0.startTime) } }
    private var open: [Int32] { scopes.map { Int32(clamping: $0.openChildren) } }
    private var arrived: [String?] { scopes.map(\.arrived.column) }
}

/// Writes the counters of process instances, and whether they are suspended.
struct UpdateInstances: Statement {
    var scopes: [Scope]

    static let sql: SQLText = """
        update process_instance as instance
        set
            open_children = row.open_children,
            arrived = coalesce(string_to_array(row.arrived, e'\\n'), '{}'),
            suspended = row.suspended
        from unnest($1::uuid[], $2::integer[], $3::text[], $4::boolean[])
            as row (id, open_children, arrived, suspended)
        where instance.id = row.id
        """

    static let parameters = ParameterEncoder(\Self.ids, \.open, \.arrived, \.suspended)

    private var ids: [UUID] { scopes.map(\.id.rawValue) }
    private var open: [Int32] { scopes.map { Int32(clamping: $0.openChildren) } }
    private var arrived: [String?] { scopes.map(\.arrived.column) }
    private var suspended: [Bool] { scopes.map { $0.process?.isSuspended ?? false } }
}

/// Removes process instances.
struct DeleteInstances: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from process_instance where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}

/// Inserts sub-processes and multi-instance bodies.
struct InsertScopes: Statement {
    var scopes: [Scope]

    static let sql: SQLText = """
        insert into scope (
            id, root_id, instance_id, parent_id, path, definition_id, kind, activity_id, activity_instance_id,
            parent_activity_instance_id, start_time, open_children, arrived, iteration_id, loop_total, loop_started,
            loop_completed
        )
        select
            id, root_id, instance_id, parent_id, coalesce(string_to_array(path, ',')::uuid[], array[root_id]), definition_id, kind, activity_id,
            activity_instance_id, parent_activity_instance_id, start_time, open_children,
            coalesce(string_to_array(arrived, e'\\n'), '{}'), iteration_id, loop_total, loop_started, loop_completed
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::smallint[], $8::text[],
            $9::text[], $10::text[], $11::timestamptz[], $12::integer[], $13::text[], $14::uuid[], $15::integer[],
            $16::integer[], $17::integer[]
        ) as row (
            id, root_id, instance_id, parent_id, path, definition_id, kind, activity_id, activity_instance_id,
            parent_activity_instance_id, start_time, open_children, arrived, iteration_id, loop_total, loop_started,
            loop_completed
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.parents,
        \.paths,
        \.definitions,
        \.kinds,
        \.activities,
        \.activityInstances,
        \.parentInstances,
        \.startTimes,
        \.open,
        \.arrived,
        \.iterations,
        \.totals,
        \.started,
        \.completed
    )

    private var ids: [UUID] { scopes.map(\.id.rawValue) }
    private var roots: [UUID] { scopes.map(\.root.rawValue) }
    private var instances: [UUID] { scopes.map(\.instance.rawValue) }
    private var parents: [UUID] { scopes.map { ($0.parent ?? $0.id).rawValue } }
    private var paths: [String?] { scopes.map(\.path.column) }
    private var definitions: [String] { scopes.map(\.definition.rawValue) }
    private var kinds: [Int16] { scopes.map(\.kind.column) }
    private var activities: [String] { scopes.map(\.activityID) }
    private var activityInstances: [String] { scopes.map(\.activityInstance.rawValue) }
    private var parentInstances: [String] { scopes.map { $0.parentActivityInstance?.rawValue ?? "" } }
    private var startTimes: [PostgresTimestamp] { scopes.map { PostgresTimestamp($0.startTime) } }
    private var open: [Int32] { scopes.map { Int32(clamping: $0.openChildren) } }
    private var arrived: [String?] { scopes.map(\.arrived.column) }
    private var iterations: [UUID?] { scopes.map { $0.iteration?.rawValue } }
    private var totals: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.total) } } }
    private var started: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.started) } } }
    private var completed: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.completed) } } }
}

/// Writes the counters of sub-processes and bodies.
struct UpdateScopes: Statement {
    var scopes: [Scope]

    static let sql: SQLText = """
        update scope
        set
            open_children = row.open_children,
            arrived = coalesce(string_to_array(row.arrived, e'\\n'), '{}'),
            loop_total = row.loop_total,
            loop_started = row.loop_started,
            loop_completed = row.loop_completed
        from unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::integer[])
            as row (id, open_children, arrived, loop_total, loop_started, loop_completed)
        where scope.id = row.id
        """

    static let parameters = ParameterEncoder(\Self.ids, \.open, \.arrived, \.totals, \.started, \.completed)

    private var ids: [UUID] { scopes.map(\.id.rawValue) }
    private var open: [Int32] { scopes.map { Int32(clamping: $0.openChildren) } }
    private var arrived: [String?] { scopes.map(\.arrived.column) }
    private var totals: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.total) } } }
    private var started: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.started) } } }
    private var completed: [Int32?] { scopes.map { $0.loop.map { Int32(clamping: $0.completed) } } }
}

/// Removes sub-processes and bodies.
struct DeleteScopes: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from scope where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}
