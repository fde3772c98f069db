package import EngineCore
package import Expressions
package import Postgres

/// Process instances that run or have ended.
package struct HistoricInstanceQuery: ListQuery {
    package var processInstanceID: String?
    package var processInstanceIDs: [String]?
    package var processInstanceIDNotIn: [String]?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionKeyIn: [String]?
    package var processDefinitionKeyNotIn: [String]?
    package var processDefinitionName: String?
    package var processDefinitionNameLike: String?
    package var businessKey: String?
    package var businessKeyIn: [String]?
    package var businessKeyLike: String?
    package var rootProcessInstanceID: String?
    package var isRoot = false
    package var isFinished = false
    package var isUnfinished = false
    package var withIncidents = false
    package var withRootIncidents = false
    package var incidentIDIn: [String]?
    package var incidentType: String?
    /// `open` or `resolved`.
    package var incidentStatus: String?
    package var incidentMessage: String?
    package var incidentMessageLike: String?
    package var startedBefore: Instant?
    package var startedAfter: Instant?
    package var finishedBefore: Instant?
    package var finishedAfter: Instant?
    package var executedActivityBefore: Instant?
    package var executedActivityAfter: Instant?
    package var executedActivityIDIn: [String]?
    package var activeActivityIDIn: [String]?
    package var startedBy: String?
    package var tenants = TenantFilter()
    /// `ACTIVE`, `COMPLETED` and so on; the instance is in one of these.
    package var states: [String] = []
    package var variables: [VariableFilter] = []
    /// Set by filters on what no instance has yet, such as a calling instance.
    package var matchesNothing = false
    /// Of each of these, at least one condition must hold.
    package var alternatives: [HistoricInstanceQuery] = []
    /// Whether rows of what runs count; off where this history is not kept.
    package var includesRunning = true
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case instanceId, definitionId, definitionKey, definitionName, definitionVersion, businessKey, startTime
        case endTime, duration, tenantId

        package var column: StaticString {
            switch self {
            case .instanceId: "h.id"
            case .definitionId: "h.definition_id"
            case .definitionKey: "h.definition_key"
            case .definitionName: "d.name"
            case .definitionVersion: "d.version"
            case .businessKey: "h.business_key"
            case .startTime: "h.start_time"
            case .endTime: "h.end_time"
            case .duration: "h.end_time - h.start_time"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id)"
            }
        }
    }

    package static let name: StaticString = "historic process instances"
    package static let defaultOrder: StaticString = "h.start_time, h.is_running, h.sequence"
    package static let columns: StaticString = """
        h.id, h.root_id, h.definition_id, h.definition_key, d.name, d.version, h.business_key, h.start_time, h.end_time,
        h.removal_time, h.start_user_id, h.start_activity_id, h.delete_reason,
        coalesce(d.tenant_id, x.tenant_id), h.state
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricInstanceView(
            id: row.id(),
            rootProcessInstanceID: row.id(),
            processDefinitionID: row.next(),
            processDefinitionKey: row.next(),
            processDefinitionName: row.next(),
            processDefinitionVersion: row.next(),
            businessKey: row.next(),
            startTime: row.moment(),
            endTime: row.momentIfAny(),
            removalTime: row.momentIfAny(),
            startUserID: row.next(),
            startActivityID: row.next(),
            deleteReason: row.next(),
            tenantID: row.next(),
            state: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select
                    id, root_id, definition_id, definition_key, business_key, start_time, end_time, removal_time,
                    start_user_id, start_activity_id, delete_reason, state, sequence, false as is_running
                from history_process_instance
                union all
                select
                    id, root_id, definition_id, definition_key, business_key, start_time, null, null,
                    start_user_id, start_activity_id, null, case when suspended then 'SUSPENDED' else 'ACTIVE' end,
                    sequence, true
                from process_instance
            ) as h
            left join process_definition d on d.id = h.definition_id
            left join deleted_definition x on x.id = h.definition_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.add("not h.is_running", if: !includesRunning)
        restrictInstances(&rows)
        for alternative in alternatives { rows.anyOf { alternative.restrictInstances(&$0) } }
    }

    private func restrictInstances(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("h.id", id: processInstanceID)
        rows.any("h.id", ids: processInstanceIDs)
        rows.none("h.id", ids: processInstanceIDNotIn)
        rows.equal("h.definition_id", processDefinitionID)
        rows.equal("h.definition_key", processDefinitionKey)
        rows.any("h.definition_key", processDefinitionKeyIn)
        rows.none("h.definition_key", processDefinitionKeyNotIn)
        rows.equal("d.name", processDefinitionName)
        rows.like("d.name", processDefinitionNameLike)
        rows.equal("h.business_key", businessKey)
        rows.any("h.business_key", businessKeyIn)
        rows.like("h.business_key", businessKeyLike)
        rows.equal("h.root_id", id: rootProcessInstanceID)
        rows.add("h.root_id = h.id", if: isRoot)
        rows.add("h.end_time is not null", if: isFinished)
        rows.add("h.is_running", if: isUnfinished)
        rows.before("h.start_time", startedBefore)
        rows.after("h.start_time", startedAfter)
        rows.before("h.end_time", finishedBefore)
        rows.after("h.end_time", finishedAfter)
        rows.equal("h.start_user_id", startedBy)
        rows.tenant("coalesce(d.tenant_id, x.tenant_id)", tenants)
        rows.any("h.state", states)
        rows.variables(
            variables,
            "select from variable v where v.instance_id = h.id",
            or: "select from history_variable v where v.instance_id = h.id"
        )
        rows.activities(self)
        rows.incidents(self)
    }
}

extension Conditions {
    fileprivate mutating func activities(_ filter: HistoricInstanceQuery) {
        if let ids = filter.executedActivityIDIn, !ids.isEmpty {
            add(
                "exists (select from history_activity a where a.instance_id = h.id and a.activity_id = any (",
                ids,
                "))"
            )
        }
        if let ids = filter.activeActivityIDIn, !ids.isEmpty {
            add("exists (select from external_task a where a.instance_id = h.id and a.activity_id = any (", ids, ")")
            continueWith(
                " union all select from user_task a where a.instance_id = h.id and a.activity_id = any (",
                ids,
                ")"
            )
            continueWith(
                " union all select from scope a where a.instance_id = h.id and a.activity_id = any (",
                ids,
                ")"
            )
            continueWith(
                " union all select from token a where a.instance_id = h.id and a.kind = 1 and a.activity_id = any (",
                ids,
                "))"
            )
        }
        let (before, after) = (filter.executedActivityBefore, filter.executedActivityAfter)
        add(
            "exists (select from history_activity a where a.instance_id = h.id and a.start_time <= ",
            before.map { PostgresTimestamp($0) },
            ")"
        )
        add(
            "exists (select from history_activity a where a.instance_id = h.id and a.start_time >= ",
            after.map { PostgresTimestamp($0) },
            ")"
        )
    }

    fileprivate mutating func incidents(_ filter: HistoricInstanceQuery) {
        let isAboutIncidents =
            filter.withIncidents || filter.withRootIncidents || filter.incidentType != nil
            || filter.incidentStatus != nil
            || filter.incidentMessage != nil || filter.incidentMessageLike != nil
            || !(filter.incidentIDIn ?? []).isEmpty
        guard isAboutIncidents else { return }
        add("exists (")
        var open = Conditions(
            continuing: self,
            with: "select from incident i where i.instance_id = h.id"
        )
        open.restrict(filter)
        open.add("false", if: filter.incidentStatus == "resolved")
        var ended = Conditions(
            continuing: open,
            with: " union all select from history_incident i where i.instance_id = h.id"
        )
        ended.restrict(filter)
        ended.add("i.state = 'resolved'", if: filter.incidentStatus == "resolved")
        ended.add("false", if: filter.incidentStatus == "open")
        end(ended, with: ")")
    }

    private mutating func restrict(_ filter: HistoricInstanceQuery) {
        any("i.id", ids: filter.incidentIDIn)
        equal("i.type", filter.incidentType)
        equal("i.message", filter.incidentMessage)
        like("i.message", filter.incidentMessageLike)
        add("i.root_cause_incident_id = i.id", if: filter.withRootIncidents)
    }
}

/// A process instance as history shows it.
package struct HistoricInstanceView: Sendable {
    package var id: ProcessInstanceID
    package var rootProcessInstanceID: ProcessInstanceID
    package var processDefinitionID: String
    package var processDefinitionKey: String
    package var processDefinitionName: String?
    package var processDefinitionVersion: Int32?
    package var businessKey: String?
    package var startTime: Instant
    package var endTime: Instant?
    package var removalTime: Instant?
    package var startUserID: String?
    package var startActivityID: String?
    package var deleteReason: String?
    package var tenantID: String?
    package var state: String
}
