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
    package var candidates = CandidateFilter()
    package var isActive = false
    package var isSuspended = false
    package var taskVariables: [VariableFilter] = []
    package var processVariables: [VariableFilter] = []
    /// Set by filters on what no task has, such as a case.
    package var matchesNothing = false
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case instanceId, dueDate, followUpDate, executionId, assignee, created, description, id, name
        case nameCaseInsensitive, priority, tenantId

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
            case .tenantId: "d.tenant_id"
            }
        }
    }

    package static let name: StaticString = "user tasks"
    package static let defaultOrder: StaticString = "u.sequence"
    package static let columns: StaticString = """
        u.id, u.name, u.assignee, u.owner, u.create_time, u.due_time, u.follow_up_time, u.description, u.priority,
        u.definition_id, u.instance_id, u.activity_id, u.suspended, u.form_key, d.tenant_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try UserTaskView(
            id: row.id(),
            name: row.next(),
            assignee: row.next(),
            owner: row.next(),
            createTime: row.moment(),
            dueTime: row.momentIfAny(),
            followUpTime: row.momentIfAny(),
            description: row.next(),
            priority: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.id(),
            taskDefinitionKey: row.next(),
            isSuspended: row.next(),
            formKey: row.next(),
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

    package func restrict(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("u.id", id: taskID)
        rows.any("u.id", ids: taskIDIn)
        rows.equal("u.id", id: executionID)
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
        rows.tenant("d.tenant_id", tenants)
        restrictPeople(&rows)
        restrictTexts(&rows)
        rows.add("u.priority = ", priority)
        rows.add("u.priority <= ", maxPriority)
        rows.add("u.priority >= ", minPriority)
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
        rows.add("u.suspended", if: isSuspended)
        rows.add("not u.suspended", if: isActive && !isSuspended)
        rows.variables(taskVariables, "select from variable v where v.owner_id = u.id")
        rows.variables(processVariables, "select from variable v where v.owner_id = u.instance_id")
    }

    private func restrictPeople(_ rows: inout Conditions) {
        rows.equal("u.assignee", assignee)
        rows.like("u.assignee", assigneeLike)
        rows.any("u.assignee", assigneeIn)
        if let assigneeNotIn, !assigneeNotIn.isEmpty {
            rows.add("(u.assignee is null or u.assignee <> all (", assigneeNotIn.filter(\.isStorable), "))")
        }
        rows.equal("u.owner", owner)
        rows.add("u.assignee is not null", if: isAssigned)
        rows.add("u.assignee is null", if: isUnassigned)
        if let user = candidates.user { rows.add("u.candidate_users @> array[", user, "]") }
        if let group = candidates.group { rows.add("u.candidate_groups @> array[", group, "]") }
        if let groups = candidates.groups, !groups.isEmpty { rows.add("u.candidate_groups && ", groups) }
        if let pattern = candidates.groupLike {
            let pattern = Conditions.closed(pattern)
            rows.add("exists (select from unnest(u.candidate_groups) as c (name) where c.name like ", pattern, ")")
        }
        rows.add("u.assignee is null", if: candidates.isAboutCandidates && !candidates.includesAssigned)
        rows.add("u.candidate_groups <> '{}'", if: candidates.withGroups)
        rows.add("u.candidate_groups = '{}'", if: candidates.withoutGroups)
        rows.add("u.candidate_users <> '{}'", if: candidates.withUsers)
        rows.add("u.candidate_users = '{}'", if: candidates.withoutUsers)
        if let user = candidates.involvedUser {
            rows.add("(u.assignee = ", user)
            rows.continueWith(" or u.owner = ", user)
            rows.continueWith(" or u.candidate_users @> array[", user, "])")
        }
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
}

/// Restricts a list by who may take a task.
package struct CandidateFilter: Sendable, Hashable {
    package var user: String?
    package var group: String?
    package var groupLike: String?
    package var groups: [String]?
    /// Also what is assigned already, when one of the above is set.
    package var includesAssigned = false
    package var withGroups = false
    package var withoutGroups = false
    package var withUsers = false
    package var withoutUsers = false
    /// Assignee, owner or candidate.
    package var involvedUser: String?

    package init() {}

    var isAboutCandidates: Bool {
        user != nil || group != nil || groupLike != nil || !(groups ?? []).isEmpty
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
    package var createTime: Instant
    package var dueTime: Instant?
    package var followUpTime: Instant?
    package var description: String?
    package var priority: Int32
    package var processDefinitionID: String
    package var processInstanceID: ProcessInstanceID
    package var taskDefinitionKey: String
    package var isSuspended: Bool
    package var formKey: String?
    package var tenantID: String?
}
