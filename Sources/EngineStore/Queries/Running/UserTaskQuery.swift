package import EngineCore
package import Expressions
package import Postgres

/// Open user tasks.
package struct UserTaskQuery: ListQuery {
    package var taskID: String?
    package var taskIDIn: [String]?
    package var processInstanceID: String?
    package var processInstanceIDIn: [String]?
    package var businessKey: String?
    package var businessKeyIn: [String]?
    package var businessKeyLike: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionKeyIn: [String]?
    package var processDefinitionName: String?
    package var processDefinitionNameLike: String?
    package var executionID: String?
    package var activityInstanceIDIn: [String]?
    package var tenants = TenantFilter()
    package var assignee: String?
    package var assigneeLike: String?
    package var assigneeIn: [String]?
    package var assigneeNotIn: [String]?
    package var owner: String?
    package var delegation: DelegationState?
    package var parentTaskID: String?
    package var isAssigned = false
    package var isUnassigned = false
    package var taskDefinitionKey: String?
    package var taskDefinitionKeyIn: [String]?
    package var taskDefinitionKeyNotIn: [String]?
    package var taskDefinitionKeyLike: String?
    package var taskName: String?
    package var taskNameNotEqual: String?
    package var taskNameLike: String?
    package var taskNameNotLike: String?
    package var description: String?
    package var descriptionLike: String?
    package var priority: Int64?
    package var maxPriority: Int64?
    package var minPriority: Int64?
    package var due = MomentFilter()
    package var followUp = MomentFilter()
    package var created = MomentFilter()
    package var followUpBeforeOrNotExistent: Instant?
    /// Changed since then, or made if it was never changed.
    package var updatedAfter: Instant?
    package var candidates = CandidateFilter()
    package var isActive = false
    package var isSuspended = false
    package var taskVariables: [VariableFilter] = []
    package var processVariables: [VariableFilter] = []
    /// Set by filters on what no task has, such as a case.
    package var matchesNothing = false
    /// Of each of these, at least one condition must hold.
    package var alternatives: [UserTaskQuery] = []
    /// The wanted order by fields alone; ``order`` has all of it.
    package var sorting: [Sorting<Field>] {
        get { order.compactMap { if case .field(let sorting) = $0 { sorting } else { nil } } }
        set { order = newValue.map { .field($0) } }
    }
    package var order: [UserTaskOrder] = []
    /// Which variables each task is to come with; counts do not care.
    package var includedVariables: IncludedVariables?
    /// Whether the caller asked for comments and attachments; there are none.
    package var hasAttachmentInfo = false
    package var page = Page.all

    package init() {}

    /// Variables that a task in a list comes with.
    package enum IncludedVariables: Sendable, Hashable {
        /// All that are seen from the task.
        case visible
        /// The task's own.
        case local
    }

    package enum Field: String, SortField {
        case instanceId, dueDate, followUpDate, executionId, assignee, created, description, id, name
        case nameCaseInsensitive, priority, tenantId, lastUpdated, caseInstanceId, caseExecutionId

        package var column: StaticString {
            switch self {
            case .instanceId: "u.instance_id"
            case .dueDate: "u.due_time"
            case .followUpDate: "u.follow_up_time"
            case .executionId, .id: "u.id"
            case .assignee: "u.assignee"
            case .created: "u.create_time"
            case .description: "u.description"
            case .name: "u.name"
            case .nameCaseInsensitive: "lower(u.name)"
            case .priority: "u.priority"
            case .tenantId: "coalesce(d.tenant_id, u.tenant_id)"
            case .lastUpdated: "coalesce(u.last_update_time, u.create_time)"
            // No task belongs to a case.
            case .caseInstanceId, .caseExecutionId: "null::text"
            }
        }
    }

    package static let name: StaticString = "user tasks"
    package static let defaultOrder: StaticString = "u.sequence"
    package static let columns: StaticString = """
        u.id, u.name, u.assignee, u.owner, u.delegation_state, u.create_time, u.last_update_time, u.due_time,
        u.follow_up_time, u.description, u.priority, u.parent_task_id, u.definition_id, u.instance_id, u.activity_id,
        u.suspended, u.form_key, u.form_reference_key, u.form_reference_binding, u.form_reference_version,
        coalesce(d.tenant_id, u.tenant_id)
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try UserTaskView(
            id: row.id(),
            name: row.next(),
            assignee: row.next(),
            owner: row.next(),
            delegation: row.next(String?.self).flatMap(DelegationState.init(rawValue:)),
            createTime: row.moment(),
            lastUpdateTime: row.momentIfAny(),
            dueTime: row.momentIfAny(),
            followUpTime: row.momentIfAny(),
            description: row.next(),
            priority: row.next(),
            parentTaskID: row.idIfAny(),
            processDefinitionID: row.next(),
            processInstanceID: row.idIfAny(),
            taskDefinitionKey: row.next(),
            isSuspended: row.next(),
            formKey: row.next(),
            formReference: row.formReferenceIfAny(),
            tenantID: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from user_task u
            left join process_definition d on d.id = u.definition_id
            left join process_instance p on p.id = u.instance_id
            """
        )
    }

    package var isUnsorted: Bool { order.isEmpty }

    package func appendSorting(to query: inout DynamicQuery) {
        for order in order { order.append(to: &query) }
    }

    package func restrict(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        restrictProcess(&rows)
        restrictPeople(&rows)
        rows.candidates(candidates)
        restrictTexts(&rows)
        restrictMoments(&rows)
        rows.add("u.priority = ", priority)
        rows.add("u.priority <= ", maxPriority)
        rows.add("u.priority >= ", minPriority)
        rows.add("u.suspended", if: isSuspended)
        rows.add("not u.suspended", if: isActive && !isSuspended)
        rows.variables(taskVariables, "select from variable v where v.owner_id = u.id")
        rows.variables(processVariables, "select from variable v where v.owner_id = u.instance_id")
        for alternative in alternatives { rows.anyOf { alternative.restrict(&$0) } }
    }

    private func restrictProcess(_ rows: inout Conditions) {
        rows.equal("u.id", id: taskID)
        rows.any("u.id", ids: taskIDIn)
        rows.equal("u.id", id: executionID)
        rows.equal("u.parent_task_id", id: parentTaskID)
        rows.equal("u.instance_id", id: processInstanceID)
        rows.any("u.instance_id", ids: processInstanceIDIn)
        rows.equal("p.business_key", businessKey)
        rows.any("p.business_key", businessKeyIn)
        rows.like("p.business_key", businessKeyLike)
        rows.equal("u.definition_id", processDefinitionID)
        rows.equal("u.definition_key", processDefinitionKey)
        rows.any("u.definition_key", processDefinitionKeyIn)
        rows.equal("d.name", processDefinitionName)
        rows.like("d.name", processDefinitionNameLike)
        rows.any("u.activity_instance_id", activityInstanceIDIn)
        rows.tenant("coalesce(d.tenant_id, u.tenant_id)", tenants)
    }

    private func restrictPeople(_ rows: inout Conditions) {
        rows.equal("u.assignee", assignee)
        rows.like("u.assignee", assigneeLike)
        rows.any("u.assignee", assigneeIn)
        if let assigneeNotIn, !assigneeNotIn.isEmpty {
            rows.add("(u.assignee is null or u.assignee <> all (", assigneeNotIn.filter(\.isStorable), "))")
        }
        rows.equal("u.owner", owner)
        rows.equal("u.delegation_state", delegation?.rawValue)
        rows.add("u.assignee is not null", if: isAssigned)
        rows.add("u.assignee is null", if: isUnassigned)
    }

    private func restrictTexts(_ rows: inout Conditions) {
        rows.equal("u.activity_id", taskDefinitionKey)
        rows.any("u.activity_id", taskDefinitionKeyIn)
        rows.none("u.activity_id", taskDefinitionKeyNotIn)
        rows.like("u.activity_id", taskDefinitionKeyLike)
        // The contract compares a task's name without regard to case.
        rows.add("lower(u.name) = lower(", taskName, ")")
        rows.add("lower(u.name) like lower(", taskNameLike.map(Conditions.closed), ")")
        rows.add("lower(u.name) <> lower(", taskNameNotEqual, ")")
        rows.add("lower(u.name) not like lower(", taskNameNotLike.map(Conditions.closed), ")")
        rows.equal("u.description", description)
        rows.like("u.description", descriptionLike)
    }

    private func restrictMoments(_ rows: inout Conditions) {
        rows.moment("u.due_time", due)
        rows.moment("u.follow_up_time", followUp)
        rows.moment("u.create_time", created)
        if let followUpBeforeOrNotExistent {
            rows.add(
                "(u.follow_up_time is null or u.follow_up_time < ",
                PostgresTimestamp(followUpBeforeOrNotExistent),
                ")"
            )
        }
        rows.after("coalesce(u.last_update_time, u.create_time)", updatedAfter)
    }
}

/// Restricts a list by a moment.
package struct MomentFilter: Sendable, Hashable {
    package var at: Instant?
    package var before: Instant?
    package var after: Instant?
    /// Only what has no such moment.
    package var isMissing = false

    package init() {}
}

extension Conditions {
    /// The column satisfies the filter.
    mutating func moment(_ column: StaticString, _ filter: MomentFilter) {
        at(column, filter.at)
        before(column, filter.before)
        after(column, filter.after)
        if filter.isMissing { isNull(column) }
    }
}

/// An open user task as lists show it.
package struct UserTaskView: Sendable {
    package var id: UserTaskID
    package var name: String?
    package var assignee: String?
    package var owner: String?
    package var delegation: DelegationState?
    package var createTime: Instant
    /// When it was changed last, if ever.
    package var lastUpdateTime: Instant?
    package var dueTime: Instant?
    package var followUpTime: Instant?
    package var description: String?
    package var priority: Int32
    package var parentTaskID: UserTaskID?
    /// Nil with all that a process gives for a task that belongs to none.
    package var processDefinitionID: String?
    package var processInstanceID: ProcessInstanceID?
    package var taskDefinitionKey: String?
    package var isSuspended: Bool
    package var formKey: String?
    package var formReference: FormReference?
    package var tenantID: String?
    /// Those that the query asked for.
    package var variables: [VisibleVariable]?
    /// Whether the query asked for comments and attachments.
    package var hasAttachmentInfo = false
}

extension RowReader {
    /// Reads the three columns of a form by reference.
    fileprivate mutating func formReferenceIfAny() throws(PostgresError) -> FormReference? {
        let (key, binding, version) = (try next(String?.self), try next(String?.self), try next(Int32?.self))
        return key.map { FormReference(key: $0, binding: binding, version: version) }
    }
}
