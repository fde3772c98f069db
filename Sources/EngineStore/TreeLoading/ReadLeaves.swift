package import EngineCore
import Expressions
import FoundationEssentials
import Postgres

/// Reads external tasks by id.
struct ReadExternalTasks: Statement {
    var ids: [UUID]

    static let sql: StaticString = """
        select
            id, instance_id, scope_id, path, definition_id, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, topic, priority, retries, error_message,
            error_details, worker_id, lock_expiration, suspended, ready
        from external_task
        where id = any ($1)
        """

    static let parameters = ParameterEncoder(\ReadExternalTasks.ids)
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

/// Reads user tasks by id.
struct ReadUserTasks: Statement {
    var ids: [UUID]

    static let sql: StaticString = """
        select
            id, instance_id, scope_id, path, definition_id, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, create_time, name, description, assignee, owner,
            candidate_users, candidate_groups, due_time, follow_up_time, priority, form_key, suspended
        from user_task
        where id = any ($1)
        """

    static let parameters = ParameterEncoder(\ReadUserTasks.ids)
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
            created: PostgresTimestamp,
            name: String?,
            description: String?,
            assignee: String?,
            owner: String?,
            users: [String],
            groups: [String],
            due: PostgresTimestamp?,
            followUp: PostgresTimestamp?,
            priority: Int32,
            formKey: String?,
            suspended: Bool
        ) in
        UserTask(
            id: UserTaskID(id),
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
            name: name,
            description: description,
            assignee: assignee,
            owner: owner,
            candidateUsers: users,
            candidateGroups: groups,
            dueTime: due.map { Instant($0) },
            followUpTime: followUp.map { Instant($0) },
            priority: priority,
            formKey: formKey,
            isSuspended: suspended
        )
    }
}

/// Reads resting tokens by id.
struct ReadTokens: Statement {
    var ids: [UUID]

    static let sql: StaticString = """
        select
            id, instance_id, scope_id, path, definition_id, activity_id, activity_instance_id,
            parent_activity_instance_id, start_time, kind
        from token
        where id = any ($1)
        """

    static let parameters = ParameterEncoder(\ReadTokens.ids)
    static let rows = RowDecoder {
        (
            id: UUID,
            instance: UUID,
            scope: UUID,
            path: [UUID],
            definition: String,
            activity: String,
            activityInstance: String?,
            parent: String,
            started: PostgresTimestamp,
            kind: Int16
        ) in
        Token(
            id: ExecutionID(id),
            place: Place(
                instance,
                definition,
                scope,
                path,
                activity,
                activityInstance ?? "",
                parent,
                nil,
                started
            ),
            kind: Token.Kind(column: kind)
        )
    }
}

/// Reads the open incidents of external tasks.
struct ReadIncidents: Statement {
    /// External task ids, as text.
    var tasks: [String]

    static let sql: StaticString = """
        select
            i.id, i.instance_id, t.scope_id, t.path, i.definition_id, i.activity_id, t.activity_instance_id,
            t.parent_activity_instance_id, t.create_time, i.execution_id, i.message, t.id, i.history_configuration,
            i.create_time
        from incident i
        join external_task t on t.id::text = i.configuration
        where i.configuration = any ($1) and t.id = any ($1::uuid[])
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
            started: PostgresTimestamp,
            execution: UUID,
            message: String?,
            task: UUID,
            history: String?,
            created: PostgresTimestamp
        ) in
        Incident(
            id: IncidentID(id),
            place: Place(instance, definition, scope, path, activity, activityInstance, parent, nil, started),
            execution: ExecutionID(execution),
            message: message,
            configuration: ExternalTaskID(task),
            historyConfiguration: history.flatMap { LogEntryID($0) },
            createTime: Instant(created)
        )
    }
}

extension Place {
    fileprivate init(
        _ instance: UUID,
        _ definition: String,
        _ scope: UUID,
        _ path: [UUID],
        _ activity: String,
        _ activityInstance: String,
        _ parent: String,
        _ iteration: UUID?,
        _ started: PostgresTimestamp
    ) {
        self.init(
            instance: ProcessInstanceID(instance),
            definition: DefinitionID(definition),
            scope: ExecutionID(scope),
            path: path.map { ExecutionID($0) },
            activityID: activity,
            activityInstance: ActivityInstanceID(activityInstance),
            parentActivityInstance: ActivityInstanceID(parent),
            iteration: iteration.map { ExecutionID($0) },
            startTime: Instant(started)
        )
    }
}

extension Token.Kind {
    /// Reads the column `token.kind`.
    package init(column: Int16) { self = column == 1 ? .arrivedAtJoin : .endedIteration }

    /// What the column `token.kind` holds.
    package var column: Int16 {
        switch self {
        case .arrivedAtJoin: 1
        case .endedIteration: 2
        }
    }
}
