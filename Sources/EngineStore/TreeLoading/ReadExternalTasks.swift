import EngineCore
import Expressions
import FoundationEssentials
import Postgres

/// Reads external tasks by id.
struct ReadExternalTasks: Statement {
    var ids: [UUID]

    static let sql = ExternalTaskRow.selection

    static let parameters = ParameterEncoder(\ReadExternalTasks.ids)
    static let rows = ExternalTaskRow.decoder
}

/// Locks the external tasks that a batch names, so that a claim and a decision cannot cross, and reads them as they are
/// once the lock is held.
///
/// Those that somebody else holds are skipped: a claim does for a moment, a node that is stuck for long, and nobody else
/// shall wait for it. ``FindExternalTasks`` tells them from those that are not there.
struct LockExternalTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        \(ExternalTaskRow.selection)
        order by id
        for update skip locked
        """

    static let parameters = ParameterEncoder(\LockExternalTasks.ids)
    static let rows = ExternalTaskRow.decoder
}

/// The same for a command that waits for whoever holds its tasks (at most the lock time-out).
///
/// Claims never wait, so waiting for them here cannot end in a deadlock.
struct LockExternalTasksWaiting: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        \(ExternalTaskRow.selection)
        order by id
        for update
        """

    static let parameters = ParameterEncoder(\LockExternalTasksWaiting.ids)
    static let rows = ExternalTaskRow.decoder
}

/// Which of these external tasks there are.
struct FindExternalTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = "select id from external_task where id = any ($1)"
    static let parameters = ParameterEncoder(\FindExternalTasks.ids)
    static let rows = RowDecoder { (id: UUID) in id }
}

/// How the columns of an external task become one.
private enum ExternalTaskRow {
    /// Finds rows by id.
    static let selection: SQLText = """
        select
            id, instance_id, scope_id, path, definition_id, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, topic, priority, retries, error_message,
            error_details, worker_id, lock_expiration, suspended, ready
        from external_task
        where id = any ($1)
        """

    static let decoder = RowDecoder {
        (
            id: UUID,
            instance: UUID,
            scope: UUID,
            path: [UUID],
            definition: String,
            activity: String,
            activityInstance: String,
            parent: String,
            iteration: UUID?,
            created: PostgresTimestamp,
            topic: String?,
            priority: Int64,
            retries: Int32?,
            message: String?,
            details: String?,
            worker: String?,
            expiration: PostgresTimestamp?,
            suspended: Bool,
            ready: Bool
        ) in
        ExternalTask(
            id: ExternalTaskID(id),
            place: Place(
                instance,
                definition,
                scope,
                path,
                activity,
                activityInstance,
                parent,
                iteration,
                created
            ),
            topic: topic,
            priority: priority,
            retries: retries,
            errorMessage: message,
            errorDetails: details,
            worker: worker.map { WorkerID($0) },
            lockExpiration: expiration.map { Instant($0) },
            isSuspended: suspended,
            isReady: ready
        )
    }
}

/// Reads the open incidents of external tasks: only one without retries has any.
struct ReadIncidents: Statement {
    var tasks: [UUID]

    static let sql: SQLText = """
        select
            i.id, i.instance_id, t.scope_id, t.path, i.definition_id, i.activity_id, t.activity_instance_id,
            t.parent_activity_instance_id, t.iteration_id, t.create_time, i.execution_id, i.message, t.id,
            i.history_configuration, i.create_time
        from external_task t
        join incident i on i.configuration = t.id::text
        where t.id = any ($1) and t.retries = 0
        """

    static let parameters = ParameterEncoder(\ReadIncidents.tasks)
    static let rows = RowDecoder {
        (
            id: UUID,
            instance: UUID,
            scope: UUID,
            path: [UUID],
            definition: String,
            activity: String,
            activityInstance: String,
            parent: String,
            iteration: UUID?,
            started: PostgresTimestamp,
            execution: UUID,
            message: String?,
            task: UUID,
            history: String?,
            created: PostgresTimestamp
        ) in
        Incident(
            id: IncidentID(id),
            place: Place(instance, definition, scope, path, activity, activityInstance, parent, iteration, started),
            execution: ExecutionID(execution),
            message: message,
            configuration: ExternalTaskID(task),
            historyConfiguration: history.flatMap { LogEntryID($0) },
            createTime: Instant(created)
        )
    }
}
