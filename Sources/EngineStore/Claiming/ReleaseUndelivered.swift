import FoundationEssentials
import Postgres

/// Gives tasks back that were locked for a worker who never heard of them; retries stay as they are.
///
/// A task is given back only while it is held by exactly this lock: worker and expiration as they were set. Rows are
/// waited for, in id order as everywhere: a claim that looked at a task before it was taken may hold it for a moment,
/// and a task that was passed over would wait for its lock to run out.
struct ReleaseUndelivered: Statement {
    var worker: String
    var tasks: [UUID]
    var lockExpirations: [PostgresTimestamp]

    static let sql: SQLText = """
        with undelivered as materialized (
            select task.id
            from unnest($2, $3) as held (id, lock_expiration)
            join external_task as task on task.id = held.id
            -- Not simply "not ready": the planner must not walk a partial index to find one row.
            where task.worker_id = $1 and task.lock_expiration = held.lock_expiration and not coalesce(task.ready, false)
            order by task.id
            for no key update of task
        )
        update external_task as task
        set worker_id = null, lock_expiration = null, position = nextval('ready_position'),
            ready = not task.suspended and (task.retries is null or task.retries > 0)
        from undelivered
        where task.id = undelivered.id
        returning task.topic, task.ready
        """

    /// A task that was given back.
    struct Released: Sendable {
        var topic: String?
        var isReady: Bool
    }

    static let parameters = ParameterEncoder(\Self.worker, \.tasks, \.lockExpirations)
    static let rows = RowDecoder(Released.init)
}
