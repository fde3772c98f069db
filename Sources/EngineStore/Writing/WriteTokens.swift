import EngineCore
import FoundationEssentials
import Postgres

/// Inserts resting tokens.
struct InsertTokens: Statement {
    var tokens: [Token]

    static let sql: SQLText = """
        insert into token (
            id, root_id, instance_id, scope_id, path, definition_id, kind, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, start_time
        )
        select
            id, root_id, instance_id, scope_id, coalesce(string_to_array(path, ',')::uuid[], array[root_id]), definition_id, kind, activity_id,
            activity_instance_id, parent_activity_instance_id, iteration_id, start_time
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::smallint[], $8::text[],
            $9::text[], $10::text[], $11::uuid[], $12::timestamptz[]
        ) as row (
            id, root_id, instance_id, scope_id, path, definition_id, kind, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, start_time
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.scopes,
        \.paths,
        \.definitions,
        \.kinds,
        \.activities,
        \.activityInstances,
        \.parentInstances,
        \.iterations,
        \.startTimes
    )

    private var ids: [UUID] { tokens.map(\.id.rawValue) }
    private var roots: [UUID] { tokens.map(\.place.root) }
    private var instances: [UUID] { tokens.map(\.place.instance.rawValue) }
    private var scopes: [UUID] { tokens.map(\.place.scope.rawValue) }
    private var paths: [String?] { tokens.map(\.place.path.column) }
    private var definitions: [String] { tokens.map(\.place.definition.rawValue) }
    private var kinds: [Int16] { tokens.map(\.kind.column) }
    private var activities: [String] { tokens.map(\.place.activityID) }
    private var activityInstances: [String] { tokens.map(\.place.activityInstance.rawValue) }
    private var parentInstances: [String] { tokens.map(\.place.parentActivityInstance.rawValue) }
    private var iterations: [UUID?] { tokens.map { $0.place.iteration?.rawValue } }
    private var startTimes: [PostgresTimestamp] { tokens.map { PostgresTimestamp($0.place.startTime) } }
}

/// Removes resting tokens.
struct DeleteTokens: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from token where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}
