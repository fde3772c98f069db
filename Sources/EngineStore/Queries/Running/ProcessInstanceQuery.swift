package import EngineCore
package import Postgres

/// Process instances that run.
package struct ProcessInstanceQuery: ListQuery {
    package var processInstanceIDs: [String]?
    package var businessKey: String?
    package var businessKeyLike: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var processDefinitionKeyIn: [String]?
    package var processDefinitionKeyNotIn: [String]?
    package var deploymentID: String?
    package var rootProcessInstanceID: String?
    package var isRoot = false
    package var isActive = false
    package var isSuspended = false
    package var incidents = IncidentFilter()
    package var tenants = TenantFilter()
    package var activityIDIn: [String]?
    package var variables: [VariableFilter] = []
    /// Set by filters on what no instance has yet, such as a calling instance.
    package var matchesNothing = false
    /// Of each of these, at least one condition must hold.
    package var alternatives: [ProcessInstanceQuery] = []
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case instanceId, definitionKey, definitionId, tenantId, businessKey

        package var column: StaticString {
            switch self {
            case .instanceId: "p.id"
            case .definitionKey: "p.definition_key"
            case .definitionId: "p.definition_id"
            case .tenantId: "d.tenant_id"
            case .businessKey: "p.business_key"
            }
        }
    }

    package static let name: StaticString = "process instances"
    package static let defaultOrder: StaticString = "p.sequence"
    package static let columns: StaticString = """
        p.id, p.definition_id, p.definition_key, p.business_key, p.suspended, d.tenant_id
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ProcessInstanceView(
            id: row.id(),
            definitionID: row.next(),
            definitionKey: row.next(),
            businessKey: row.next(),
            isSuspended: row.next(),
            tenantID: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(" from process_instance p left join process_definition d on d.id = p.definition_id")
    }

    package func restrict(_ rows: inout Conditions) {
        restrictInstances(&rows)
        for alternative in alternatives { rows.anyOf { alternative.restrictInstances(&$0) } }
    }

    private func restrictInstances(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.any("p.id", ids: processInstanceIDs)
        rows.equal("p.business_key", businessKey)
        rows.like("p.business_key", businessKeyLike)
        rows.equal("p.definition_id", processDefinitionID)
        rows.equal("p.definition_key", processDefinitionKey)
        rows.any("p.definition_key", processDefinitionKeyIn)
        rows.none("p.definition_key", processDefinitionKeyNotIn)
        rows.equal("d.deployment_id", id: deploymentID)
        rows.equal("p.root_id", id: rootProcessInstanceID)
        rows.add("p.root_id = p.id", if: isRoot)
        rows.add("p.suspended", if: isSuspended)
        rows.add("not p.suspended", if: isActive && !isSuspended)
        rows.tenant("d.tenant_id", tenants)
        rows.incidents(incidents, "select from incident i where i.instance_id = p.id")
        rows.activities(activityIDIn)
        rows.variables(variables, "select from variable v where v.instance_id = p.id")
    }
}

/// A running process instance as lists show it.
package struct ProcessInstanceView: Sendable {
    package var id: ProcessInstanceID
    package var definitionID: String
    package var definitionKey: String
    package var businessKey: String?
    package var isSuspended: Bool
    package var tenantID: String?
}

/// Restricts a list to rows with an open incident.
package struct IncidentFilter: Sendable, Hashable {
    package var exists = false
    package var id: String?
    package var type: String?
    package var message: String?
    package var messageLike: String?

    package init() {}

    /// Whether anything is asked for.
    var isSet: Bool { self != IncidentFilter() }
}

extension Conditions {
    /// The row has an incident that satisfies the filter: `select` begins the sub-select, up to its `where` clause, and
    /// names the incident's row `i`.
    mutating func incidents(_ filter: IncidentFilter, _ select: StaticString) {
        guard filter.isSet else { return }
        add("exists (")
        var incidents = Conditions(continuing: self, with: select)
        incidents.equal("i.id", id: filter.id)
        incidents.equal("i.type", filter.type)
        incidents.equal("i.message", filter.message)
        incidents.like("i.message", filter.messageLike)
        end(incidents, with: ")")
    }

    /// An activity with one of these ids waits in the process instance `p`.
    fileprivate mutating func activities(_ ids: [String]?) {
        guard let ids = ids?.filter(\.isStorable), !ids.isEmpty else { return }
        add("(exists (select from external_task a where a.instance_id = p.id and a.activity_id = any (", ids, "))")
        continueWith(
            " or exists (select from user_task a where a.instance_id = p.id and a.activity_id = any (",
            ids,
            "))"
        )
        continueWith(
            " or exists (select from token a where a.instance_id = p.id and a.kind = 1 and a.activity_id = any (",
            ids,
            ")))"
        )
    }
}
