package import EngineCore
package import Expressions
package import Postgres

/// User tasks, open or not.
package struct HistoricTaskQuery: ListQuery {
    package var taskID: String?
    package var parentTaskID: String?
    package var processInstanceID: String?
    package var rootProcessInstanceID: String?
    package var businessKey: String?
    package var businessKeyIn: [String]?
    package var businessKeyLike: String?
    package var executionID: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionName: String?
    package var activityInstanceIDIn: [String]?
    package var taskName: String?
    package var taskNameLike: String?
    package var description: String?
    package var descriptionLike: String?
    package var taskDefinitionKey: String?
    package var taskDefinitionKeyIn: [String]?
    package var deleteReason: String?
    package var deleteReasonLike: String?
    package var assignee: String?
    package var assigneeLike: String?
    package var owner: String?
    package var ownerLike: String?
    package var priority: Int64?
    package var isAssigned = false
    package var isUnassigned = false
    package var isFinished = false
    package var isUnfinished = false
    package var isProcessFinished = false
    package var isProcessUnfinished = false
    package var due = MomentFilter()
    package var followUp = MomentFilter()
    package var startedBefore: Instant?
    package var startedAfter: Instant?
    package var finishedBefore: Instant?
    package var finishedAfter: Instant?
    package var tenants = TenantFilter()
    package var taskVariables: [VariableFilter] = []
    package var processVariables: [VariableFilter] = []
    /// Set by filters on what no task has, such as a case.
    package var matchesNothing = false
    /// Of each of these, at least one condition must hold.
    package var alternatives: [HistoricTaskQuery] = []
    /// Whether rows of what runs count; off where this history is not kept.
    package var includesRunning = true
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case taskId, activityInstanceId, processDefinitionId, processInstanceId, executionId, duration, endTime
        case startTime, taskName, taskDescription, assignee, owner, dueDate, followUpDate, deleteReason
        case taskDefinitionKey, priority, tenantId, caseDefinitionId, caseInstanceId, caseExecutionId

        package var column: StaticString {
            switch self {
            case .taskId: "u.id"
            case .activityInstanceId: "u.activity_instance_id"
            case .processDefinitionId: "u.definition_id"
            case .processInstanceId: "u.instance_id"
            case .executionId: "u.execution_id"
            case .duration: "u.end_time - u.start_time"
            case .endTime: "u.end_time"
            case .startTime: "u.start_time"
            case .taskName: "u.name"
            case .taskDescription: "u.description"
            case .assignee: "u.assignee"
            case .owner: "u.owner"
            case .dueDate: "u.due_time"
            case .followUpDate: "u.follow_up_time"
            case .deleteReason: "u.delete_reason"
            case .taskDefinitionKey: "u.activity_id"
            case .priority: "u.priority"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id, u.tenant_id)"
            // No task belongs to a case.
            case .caseDefinitionId, .caseInstanceId, .caseExecutionId: "null::text"
            }
        }
    }

    package static let name: StaticString = "historic tasks"
    package static let defaultOrder: StaticString = "u.start_time, u.is_running, u.sequence"
    package static let columns: StaticString = """
        u.id, u.definition_key, u.definition_id, u.instance_id, u.execution_id, u.activity_instance_id, u.name,
        u.description, u.delete_reason, u.owner, u.assignee, u.start_time, u.end_time, u.activity_id, u.priority,
        u.parent_task_id, u.due_time, u.follow_up_time, coalesce(d.tenant_id, x.tenant_id, u.tenant_id), r.removal_time,
        case when u.instance_id is not null then u.root_id end, u.last_update_time
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricTaskView(
            id: row.id(),
            processDefinitionKey: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.idIfAny(),
            executionID: row.id(),
            activityInstanceID: row.next(),
            name: row.next(),
            description: row.next(),
            deleteReason: row.next(),
            owner: row.next(),
            assignee: row.next(),
            startTime: row.moment(),
            endTime: row.momentIfAny(),
            taskDefinitionKey: row.next(),
            priority: row.next(),
            parentTaskID: row.idIfAny(),
            dueTime: row.momentIfAny(),
            followUpTime: row.momentIfAny(),
            tenantID: row.next(),
            removalTime: row.momentIfAny(),
            rootProcessInstanceID: row.idIfAny(),
            lastUpdateTime: row.momentIfAny()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select
                    id, definition_key, definition_id, instance_id, execution_id, activity_instance_id, name,
                    description, delete_reason, owner, assignee, start_time, end_time, activity_id, priority, due_time,
                    follow_up_time, parent_task_id, tenant_id, root_id, sequence,
                    null::timestamptz as last_update_time, false as is_running
                from history_task
                union all
                select
                    id, definition_key, definition_id, instance_id, id, activity_instance_id, name,
                    description, null, owner, assignee, create_time, null, activity_id, priority, due_time,
                    follow_up_time, parent_task_id, tenant_id, root_id, sequence, last_update_time, true
                from user_task
            ) as u
            left join process_definition d on d.id = u.definition_id
            left join deleted_definition x on x.id = u.definition_id
            left join history_process_instance r on r.id = u.root_id
            left join process_instance p on p.id = u.instance_id
            left join history_process_instance e on e.id = u.instance_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.add("not u.is_running", if: !includesRunning)
        restrictTasks(&rows)
        for alternative in alternatives { rows.anyOf { alternative.restrictTasks(&$0) } }
    }

    private func restrictTasks(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("u.id", id: taskID)
        rows.equal("u.parent_task_id", id: parentTaskID)
        rows.equal("u.instance_id", id: processInstanceID)
        rows.equal("u.root_id", id: rootProcessInstanceID)
        rows.equal("coalesce(p.business_key, e.business_key)", businessKey)
        rows.any("coalesce(p.business_key, e.business_key)", businessKeyIn)
        rows.like("coalesce(p.business_key, e.business_key)", businessKeyLike)
        rows.equal("u.execution_id", id: executionID)
        rows.equal("u.definition_id", processDefinitionID)
        rows.equal("u.definition_key", processDefinitionKey)
        rows.equal("d.name", processDefinitionName)
        rows.any("u.activity_instance_id", activityInstanceIDIn)
        rows.tenant("coalesce(d.tenant_id, x.tenant_id, u.tenant_id)", tenants)
        restrictTexts(&rows)
        restrictMoments(&rows)
        rows.add("u.assignee is not null", if: isAssigned)
        rows.add("u.assignee is null", if: isUnassigned)
        rows.add("u.priority = ", priority)
        rows.variables(
            taskVariables,
            "select from variable v where v.owner_id = u.execution_id",
            or: "select from history_variable v where v.instance_id = u.instance_id and v.execution_id = u.execution_id"
        )
        rows.variables(
            processVariables,
            "select from variable v where v.owner_id = u.instance_id",
            or: "select from history_variable v where v.instance_id = u.instance_id and v.execution_id = u.instance_id"
        )
    }

    private func restrictTexts(_ rows: inout Conditions) {
        rows.equal("u.name", taskName)
        rows.like("u.name", taskNameLike)
        rows.equal("u.description", description)
        rows.like("u.description", descriptionLike)
        rows.equal("u.activity_id", taskDefinitionKey)
        rows.any("u.activity_id", taskDefinitionKeyIn)
        rows.equal("u.delete_reason", deleteReason)
        rows.like("u.delete_reason", deleteReasonLike)
        rows.equal("u.assignee", assignee)
        rows.like("u.assignee", assigneeLike)
        rows.equal("u.owner", owner)
        rows.like("u.owner", ownerLike)
    }

    private func restrictMoments(_ rows: inout Conditions) {
        rows.add("u.end_time is not null", if: isFinished)
        rows.add("u.is_running", if: isUnfinished)
        rows.add("e.id is not null", if: isProcessFinished)
        rows.add("p.id is not null", if: isProcessUnfinished)
        rows.moment("u.due_time", due)
        rows.moment("u.follow_up_time", followUp)
        rows.before("u.start_time", startedBefore)
        rows.after("u.start_time", startedAfter)
        rows.before("u.end_time", finishedBefore)
        rows.after("u.end_time", finishedAfter)
    }
}

/// A user task as history shows it.
package struct HistoricTaskView: Sendable {
    package var id: UserTaskID
    /// Nil with all that a process gives for a task that belonged to none.
    package var processDefinitionKey: String?
    package var processDefinitionID: String?
    package var processInstanceID: ProcessInstanceID?
    package var executionID: ExecutionID
    package var activityInstanceID: String?
    package var name: String?
    package var description: String?
    package var deleteReason: String?
    package var owner: String?
    package var assignee: String?
    package var startTime: Instant
    package var endTime: Instant?
    package var taskDefinitionKey: String?
    package var priority: Int32
    package var parentTaskID: UserTaskID?
    package var dueTime: Instant?
    package var followUpTime: Instant?
    package var tenantID: String?
    package var removalTime: Instant?
    package var rootProcessInstanceID: ProcessInstanceID?
    /// When it was changed last, if ever; nil once it has ended.
    package var lastUpdateTime: Instant?
}
