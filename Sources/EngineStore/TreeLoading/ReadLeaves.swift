package import EngineCore
import Expressions
import FoundationEssentials
import Postgres

/// Reads user tasks by id.
struct ReadUserTasks: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        select
            id, coalesce(instance_id, id), scope_id, path, coalesce(definition_id, ''), coalesce(activity_id, ''),
            coalesce(activity_instance_id, ''), coalesce(parent_activity_instance_id, ''), iteration_id, create_time,
            name, description, assignee, owner, delegation_state, due_time, follow_up_time, priority, form_key,
            form_reference_key, form_reference_binding, form_reference_version, parent_task_id, tenant_id,
            last_update_time, suspended
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
            delegation: String?,
            due: PostgresTimestamp?,
            followUp: PostgresTimestamp?,
            priority: Int32,
            formKey: String?,
            formReference: String?,
            formBinding: String?,
            formVersion: Int32?,
            parentTask: UUID?,
            tenant: String?,
            updated: PostgresTimestamp?,
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
            delegation: delegation.flatMap(DelegationState.init(rawValue:)),
            dueTime: due.map { Instant($0) },
            followUpTime: followUp.map { Instant($0) },
            priority: priority,
            formKey: formKey,
            formReference: formReference.map { FormReference(key: $0, binding: formBinding, version: formVersion) },
            parent: parentTask.map { UserTaskID($0) },
            tenantID: tenant,
            lastUpdateTime: updated.map { Instant($0) },
            isSuspended: suspended
        )
    }
}

/// Reads resting tokens by id.
struct ReadTokens: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        select
            id, instance_id, scope_id, path, definition_id, activity_id, activity_instance_id,
            parent_activity_instance_id, iteration_id, start_time, kind
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
            iteration: UUID?,
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
                iteration,
                started
            ),
            kind: Token.Kind(column: kind)
        )
    }
}

extension Place {
    /// Where a row rests.
    init(
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
    package init(column: Int16) {
        switch column {
        case 1: self = .arrivedAtJoin
        case 3: self = .waitsForEvent
        case 4: self = .waitsForCall
        default: self = .endedIteration
        }
    }

    /// What the column `token.kind` holds.
    package var column: Int16 {
        switch self {
        case .arrivedAtJoin: 1
        case .endedIteration: 2
        case .waitsForEvent: 3
        case .waitsForCall: 4
        }
    }
}
