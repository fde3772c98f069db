package import EngineCore
package import Expressions
package import FoundationEssentials
package import Postgres

/// Runs through activities, ended or not.
package struct HistoricActivityQuery: ListQuery {
    package var activityInstanceID: String?
    package var processInstanceID: String?
    package var processDefinitionID: String?
    package var executionID: String?
    package var activityID: String?
    package var activityName: String?
    package var activityType: String?
    package var taskAssignee: String?
    package var isFinished = false
    package var isUnfinished = false
    package var isCanceled = false
    package var completesScope = false
    package var startedBefore: Instant?
    package var startedAfter: Instant?
    package var finishedBefore: Instant?
    package var finishedAfter: Instant?
    package var tenants = TenantFilter()
    /// What the models call the activities that run; needed when ``needsRunningActivities``.
    package var runningActivities: [RunningActivity] = []
    /// Whether rows of what runs count; off where this history is not kept.
    package var includesRunning = true
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case activityInstanceId, instanceId, executionId, activityId, activityName, activityType, startTime, endTime
        case duration, definitionId, occurrence, tenantId

        package var column: StaticString {
            switch self {
            case .activityInstanceId: "h.id"
            case .instanceId: "h.instance_id"
            case .executionId: "h.execution_id"
            case .activityId: "h.activity_id"
            case .activityName: "coalesce(h.activity_name, k.name)"
            case .activityType: "coalesce(h.activity_type, k.type)"
            case .startTime, .occurrence: "h.start_time"
            case .endTime: "h.end_time"
            case .duration: "h.end_time - h.start_time"
            case .definitionId: "h.definition_id"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id)"
            }
        }
    }

    /// Whether names or types of activities decide on the rows or their order.
    ///
    /// Rows of what runs have none: they stand in the models.
    package var needsRunningActivities: Bool {
        activityName != nil || activityType != nil
            || sorting.contains { $0.field == .activityName || $0.field == .activityType }
    }

    package static let name: StaticString = "historic activity instances"
    package static let defaultOrder: StaticString = "h.start_time, h.is_running, h.sequence, h.id"
    package static let columns: StaticString = """
        h.id, h.parent_id, h.activity_id, h.activity_name, h.activity_type, coalesce(h.definition_key, d.key),
        h.definition_id, h.instance_id, h.execution_id, h.task_id, h.assignee, h.start_time, h.end_time, h.canceled,
        h.complete_scope, coalesce(d.tenant_id, x.tenant_id), r.removal_time, h.root_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricActivityView(
            id: row.next(),
            parentActivityInstanceID: row.next(),
            activityID: row.next(),
            activityName: row.next(),
            activityType: row.next(),
            processDefinitionKey: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.id(),
            executionID: row.id(),
            taskID: row.idIfAny(),
            assignee: row.next(),
            startTime: row.moment(),
            endTime: row.momentIfAny(),
            isCanceled: row.next(),
            completesScope: row.next(),
            tenantID: row.next(),
            removalTime: row.momentIfAny(),
            rootProcessInstanceID: row.id()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select
                    id, parent_id, activity_id, activity_name, activity_type, definition_key, definition_id,
                    instance_id, execution_id, task_id, assignee, start_time, end_time, canceled, complete_scope,
                    root_id, sequence, false as is_running
                from history_activity
                union all
                select
                    activity_instance_id, parent_activity_instance_id, activity_id, null, null, null, definition_id,
                    instance_id, id, null, null, start_time, null, false, false, root_id, sequence, true
                from scope
                union all
                select
                    activity_instance_id, parent_activity_instance_id, activity_id, null, null, null, definition_id,
                    instance_id, id, null, null, start_time, null, false, false, root_id, sequence, true
                from token
                where kind <> 2
                union all
                select
                    activity_instance_id, parent_activity_instance_id, activity_id, null, null, definition_key,
                    definition_id, instance_id, id, null, null, create_time, null, false, false, root_id, sequence, true
                from external_task
                union all
                select
                    activity_instance_id, parent_activity_instance_id, activity_id, null, null, definition_key,
                    definition_id, instance_id, id, id, assignee, create_time, null, false, false, root_id, sequence,
                    true
                from user_task
                where instance_id is not null
            ) as h
            left join process_definition d on d.id = h.definition_id
            left join deleted_definition x on x.id = h.definition_id
            left join history_process_instance r on r.id = h.root_id
            """
        )
        guard needsRunningActivities else { return }
        query.append(" left join unnest(", runningActivities.map(\.definitionID))
        query.append(", ", runningActivities.map(\.activityID))
        query.append(", ", runningActivities.map(\.name))
        query.append(", ", runningActivities.map(\.type), ") as k (definition_id, activity_id, name, type)")
        query.append(" on h.is_running and k.definition_id = h.definition_id and k.activity_id = h.activity_id")
    }

    package func restrict(_ rows: inout Conditions) {
        rows.add("not h.is_running", if: !includesRunning)
        rows.equal("h.id", activityInstanceID)
        rows.equal("h.instance_id", id: processInstanceID)
        rows.instances("h.instance_id", ofDefinition: processDefinitionID)
        rows.equal("h.execution_id", id: executionID)
        rows.equal("h.activity_id", activityID)
        rows.equal("coalesce(h.activity_name, k.name)", activityName)
        rows.equal("coalesce(h.activity_type, k.type)", activityType)
        rows.equal("h.assignee", taskAssignee)
        rows.add("h.end_time is not null", if: isFinished)
        rows.add("h.is_running", if: isUnfinished)
        rows.add("h.canceled", if: isCanceled)
        rows.add("h.complete_scope", if: completesScope)
        rows.before("h.start_time", startedBefore)
        rows.after("h.start_time", startedAfter)
        rows.before("h.end_time", finishedBefore)
        rows.after("h.end_time", finishedAfter)
        rows.tenant("coalesce(d.tenant_id, x.tenant_id)", tenants)
    }
}

/// An activity that runs, and what its model says of it.
package struct RunningActivity: Sendable, Hashable {
    package var definitionID: String
    package var activityID: String
    package var name: String?
    package var type: String?

    package init(definitionID: String, activityID: String, name: String? = nil, type: String? = nil) {
        self.definitionID = definitionID
        self.activityID = activityID
        self.name = name
        self.type = type
    }
}

/// Reads which activities run, each once; of one instance or definition only when one is given.
package struct ReadRunningActivities: Statement {
    package var instance: UUID?
    package var definition: String?

    package static let sql: SQLText = """
        select definition_id, activity_id from scope
            where ($1 is null or instance_id = $1) and ($2 is null or definition_id = $2)
        union
        select definition_id, activity_id from token
            where kind <> 2 and ($1 is null or instance_id = $1) and ($2 is null or definition_id = $2)
        union
        select definition_id, activity_id from external_task
            where ($1 is null or instance_id = $1)
                and ($2 is null or instance_id in (select id from process_instance where definition_id = $2))
        union
        select definition_id, activity_id from user_task
            where instance_id is not null and ($1 is null or instance_id = $1) and ($2 is null or definition_id = $2)
        """
    package static let parameters = ParameterEncoder(\Self.instance, \.definition)
    package static let rows = RowDecoder { (definition: String, activity: String) in
        RunningActivity(definitionID: definition, activityID: activity)
    }

    /// Those that `query` may be about.
    package init(for query: HistoricActivityQuery) {
        instance = query.processInstanceID.flatMap { UUID(text: $0) }
        definition = query.processDefinitionID
    }
}

/// A run through an activity as history shows it.
package struct HistoricActivityView: Sendable {
    package var id: String
    package var parentActivityInstanceID: String
    package var activityID: String
    package var activityName: String?
    /// Nil for what runs: the model knows it.
    package var activityType: String?
    package var processDefinitionKey: String?
    package var processDefinitionID: String
    package var processInstanceID: ProcessInstanceID
    package var executionID: ExecutionID
    package var taskID: UserTaskID?
    package var assignee: String?
    package var startTime: Instant
    package var endTime: Instant?
    package var isCanceled: Bool
    package var completesScope: Bool
    package var tenantID: String?
    package var removalTime: Instant?
    package var rootProcessInstanceID: ProcessInstanceID
}
