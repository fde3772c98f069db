import EngineCore
import FoundationEssentials
import Postgres

/// Ends tasks whose parents have ended, and their parts in turn, for the same reason: they are trees of their own, which
/// nobody has to decide about.
///
/// Waits for those that somebody else is changing right now. Tasks of processes are no parts, whatever their parent.
struct EndSubTasks: Statement {
    var parents: [EndedUserTask]
    var keepsTasks: Bool
    var keepsVariables: Bool

    static let sql: SQLText = """
        with recursive
            part (id, reason, end_time) as (
                select task.id, parent.reason, parent.end_time
                from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as parent (id, reason, end_time)
                join user_task as task on task.parent_task_id = parent.id and task.instance_id is null
                union
                select task.id, part.reason, part.end_time
                from part
                join user_task as task on task.parent_task_id = part.id and task.instance_id is null
            ),
            ended as (
                delete from user_task as task
                using part
                where task.id = part.id
                returning
                    task.id, task.root_id, task.name, task.description, task.assignee, task.owner, task.due_time,
                    task.follow_up_time, task.priority, task.create_time, part.end_time, part.reason,
                    task.parent_task_id, task.tenant_id
            ),
            deleted_identity_link as (delete from identity_link where task_id in (select id from part)),
            closed as (delete from variable where owner_id in (select id from part) returning *),
            kept_variable as (
                insert into history_variable (
                    id, root_id, instance_id, execution_id, activity_instance_id, name, type, text_value, long_value,
                    double_value, data, object_type, format, file_name, mime_type, encoding, state, create_time
                )
                select
                    id, root_id, instance_id, owner_id, activity_instance_id, name, type, text_value, long_value,
                    double_value, data, object_type, format, file_name, mime_type, encoding, 'CREATED', create_time
                from closed
                where $5
            )
        insert into history_task (
            id, root_id, execution_id, name, description, assignee, owner, due_time, follow_up_time, priority,
            start_time, end_time, delete_reason, parent_task_id, tenant_id
        )
        select
            id, root_id, id, name, description, assignee, owner, due_time, follow_up_time, priority,
            create_time, end_time, reason, parent_task_id, tenant_id
        from ended
        where $4
        """

    static let parameters = ParameterEncoder(\Self.ids, \.reasons, \.endTimes, \.keepsTasks, \.keepsVariables)

    private var ids: [UUID] { parents.map(\.task.id.rawValue) }
    private var reasons: [String] { parents.map(\.deleteReason) }
    private var endTimes: [PostgresTimestamp] { parents.map { PostgresTimestamp($0.endTime) } }
}
