import EngineCore
import FoundationEssentials
import Postgres

/// Writes ended runs through activities into history.
struct InsertHistoryActivities: Statement {
    var ended: [EndedActivity]
    /// The process's key, by definition.
    var keys: [DefinitionID: String]

    static let sql: SQLText = """
        insert into history_activity (
            id, parent_id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id,
            activity_name, activity_type, task_id, assignee, start_time, end_time, canceled, complete_scope
        )
        select
            id, parent_id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id,
            activity_name, activity_type, task_id, assignee, start_time, end_time, canceled, complete_scope
        from unnest(
            $1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::boolean[],
            $16::boolean[]
        ) as row (
            id, parent_id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id,
            activity_name, activity_type, task_id, assignee, start_time, end_time, canceled, complete_scope
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.parents,
        \.roots,
        \.instances,
        \.definitions,
        \.definitionKeys,
        \.executions,
        \.activities,
        \.names,
        \.types,
        \.tasks,
        \.assignees,
        \.startTimes,
        \.endTimes,
        \.canceled,
        \.completesScope
    )

    private var ids: [String] { ended.map(\.place.activityInstance.rawValue) }
    private var parents: [String] { ended.map(\.place.parentActivityInstance.rawValue) }
    private var roots: [UUID] { ended.map(\.place.root) }
    private var instances: [UUID] { ended.map(\.place.instance.rawValue) }
    private var definitions: [String] { ended.map(\.place.definition.rawValue) }
    private var definitionKeys: [String] { ended.map { keys[$0.place.definition] ?? "" } }
    private var executions: [UUID] { ended.map(\.execution.rawValue) }
    private var activities: [String] { ended.map(\.place.activityID) }
    private var names: [String?] { ended.map(\.activityName) }
    private var types: [String] { ended.map(\.activityType) }
    private var tasks: [UUID?] { ended.map { $0.task?.rawValue } }
    private var assignees: [String?] { ended.map(\.assignee) }
    private var startTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.place.startTime) } }
    private var endTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.endTime) } }
    private var canceled: [Bool] { ended.map(\.isCanceled) }
    private var completesScope: [Bool] { ended.map(\.completesScope) }
}

/// Writes ended process instances into history.
///
/// With a time to live, the removal time counts from the end.
struct InsertHistoryInstances: Statement {
    var ended: [EndedInstance]
    /// Days that history is kept, by definition.
    var daysToLive: [DefinitionID: Int32]

    static let sql: SQLText = """
        insert into history_process_instance (
            id, root_id, definition_id, definition_key, business_key, start_activity_id, end_activity_id,
            start_user_id, start_time, end_time, state, delete_reason, removal_time
        )
        select
            id, root_id, definition_id, definition_key, business_key, start_activity_id, end_activity_id,
            start_user_id, start_time, end_time, state, delete_reason, end_time + days * interval '1 day'
        from unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::integer[]
        ) as row (
            id, root_id, definition_id, definition_key, business_key, start_activity_id, end_activity_id,
            start_user_id, start_time, end_time, state, delete_reason, days
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.definitions,
        \.definitionKeys,
        \.businessKeys,
        \.startActivities,
        \.endActivities,
        \.users,
        \.startTimes,
        \.endTimes,
        \.states,
        \.reasons,
        \.days
    )

    private var ids: [UUID] { ended.map(\.scope.instance.rawValue) }
    private var roots: [UUID] { ended.map(\.scope.root.rawValue) }
    private var definitions: [String] { ended.map(\.scope.definition.rawValue) }
    private var definitionKeys: [String] { ended.map(\.scope.activityID) }
    private var businessKeys: [String?] { ended.map { $0.scope.process?.businessKey } }
    private var startActivities: [String?] { ended.map { $0.scope.process?.startActivityID } }
    private var endActivities: [String?] { ended.map(\.endActivityID) }
    private var users: [String?] { ended.map { $0.scope.process?.startUserID } }
    private var startTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.scope.startTime) } }
    private var endTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.endTime) } }
    private var states: [String] { ended.map(\.state.rawValue) }
    private var reasons: [String?] { ended.map(\.deleteReason) }
    private var days: [Int32?] { ended.map { daysToLive[$0.scope.definition] } }
}
