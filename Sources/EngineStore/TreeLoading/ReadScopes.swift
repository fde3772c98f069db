package import EngineCore
import Expressions
import FoundationEssentials
import Postgres

/// Reads the process instances on the paths of what a batch names, and those named themselves.
struct ReadInstances: Statement {
    var targets: [UUID]

    static let sql: SQLText = """
        \(InstanceRow.selection)
        where id = any (array(
            select unnest(path) from external_task where id = any ($1)
            union select unnest(path) from user_task where id = any ($1)
            union select unnest(path) from token where id = any ($1)
            union select unnest(path) from scope where id = any ($1)
            union select unnest($1)
        ))
        """

    static let parameters = ParameterEncoder(\ReadInstances.targets)
    static let rows = InstanceRow.decoder
}

/// Reads the sub-processes and bodies on the paths of what a batch names, and those named themselves.
struct ReadScopes: Statement {
    var targets: [UUID]

    static let sql: SQLText = """
        \(ScopeRow.selection)
        where id = any (array(
            select unnest(path) from external_task where id = any ($1)
            union select unnest(path) from user_task where id = any ($1)
            union select unnest(path) from token where id = any ($1)
            union select unnest(path) from scope where id = any ($1)
        ))
        """

    static let parameters = ParameterEncoder(\ReadScopes.targets)
    static let rows = ScopeRow.decoder
}

/// Reads the sub-processes and bodies on the paths of external tasks.
struct ReadScopesOfExternalTasks: Statement {
    var tasks: [UUID]

    static let sql: SQLText = """
        \(ScopeRow.selection)
        where id = any (array(select unnest(path[2:]) from external_task where id = any ($1)))
        """

    static let parameters = ParameterEncoder(\ReadScopesOfExternalTasks.tasks)
    static let rows = ScopeRow.decoder
}

/// How the columns of a process instance become a scope.
enum InstanceRow {
    static let selection: SQLText = """
        select
            id, definition_id, definition_key, business_key, start_activity_id, start_user_id, start_time, suspended,
            open_children, arrived
        from process_instance
        """

    static let decoder = RowDecoder {
        (
            id: UUID,
            definition: String,
            key: String,
            businessKey: String?,
            startActivity: String?,
            user: String?,
            started: PostgresTimestamp,
            suspended: Bool,
            open: Int32,
            arrived: [String]
        ) in
        Scope(
            id: ExecutionID(id),
            kind: .process(
                ProcessData(
                    key: key,
                    businessKey: businessKey,
                    startActivityID: startActivity,
                    startUserID: user,
                    isSuspended: suspended
                )
            ),
            instance: ProcessInstanceID(id),
            definition: DefinitionID(definition),
            parent: nil,
            path: [ExecutionID(id)],
            activityID: key,
            activityInstance: ActivityInstanceID(ProcessInstanceID(id)),
            parentActivityInstance: nil,
            iteration: nil,
            startTime: Instant(started),
            openChildren: Int(open),
            arrived: arrived
        )
    }
}

/// How the columns of a sub-process or body become a scope.
enum ScopeRow {
    static let selection: SQLText = """
        select
            id, instance_id, parent_id, path, definition_id, kind, activity_id, activity_instance_id,
            parent_activity_instance_id, start_time, open_children, arrived, iteration_id, loop_total, loop_started,
            loop_completed
        from scope
        """

    static let decoder = RowDecoder {
        (
            id: UUID,
            instance: UUID,
            parent: UUID,
            path: [UUID],
            definition: String,
            kind: Int16,
            activity: String,
            activityInstance: String,
            parentInstance: String,
            started: PostgresTimestamp,
            open: Int32,
            arrived: [String],
            iteration: UUID?,
            total: Int32?,
            begun: Int32?,
            completed: Int32?
        ) in
        Scope(
            id: ExecutionID(id),
            kind: Scope.Kind(
                column: kind,
                loop: Loop(total: Int(total ?? 0), started: Int(begun ?? 0), completed: Int(completed ?? 0))
            ),
            instance: ProcessInstanceID(instance),
            definition: DefinitionID(definition),
            parent: ExecutionID(parent),
            path: path.map { ExecutionID($0) },
            activityID: activity,
            activityInstance: ActivityInstanceID(activityInstance),
            parentActivityInstance: ActivityInstanceID(parentInstance),
            iteration: iteration.map { ExecutionID($0) },
            startTime: Instant(started),
            openChildren: Int(open),
            arrived: arrived
        )
    }
}

extension Scope.Kind {
    fileprivate init(column: Int16, loop: Loop) {
        self = column == 2 ? .multiInstanceBody(loop) : .subProcess
    }

    /// What the column `scope.kind` holds; process instances have a table of their own.
    package var column: Int16 {
        switch self {
        case .process: 0
        case .subProcess: 1
        case .multiInstanceBody: 2
        }
    }
}
