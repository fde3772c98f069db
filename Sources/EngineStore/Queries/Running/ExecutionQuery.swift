import BPMN
package import EngineCore
package import Postgres

/// Executions: process instances, sub-processes, multi-instance bodies, iterations, and all that rests.
package struct ExecutionQuery: ListQuery {
    package var executionID: String?
    package var processInstanceID: String?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var businessKey: String?
    package var activityID: String?
    package var isActive = false
    package var isSuspended = false
    package var incidents = IncidentFilter()
    package var tenants = TenantFilter()
    package var variables: [VariableFilter] = []
    package var processVariables: [VariableFilter] = []
    /// The name of a message that the execution waits for.
    package var messageSubscription: String?
    /// The name of a signal that the execution waits for.
    package var signalSubscription: String?
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case instanceId, definitionKey, definitionId, tenantId

        package var column: StaticString {
            switch self {
            case .instanceId: "x.instance_id"
            case .definitionKey: "p.definition_key"
            case .definitionId: "p.definition_id"
            case .tenantId: "d.tenant_id"
            }
        }
    }

    package static let name: StaticString = "executions"
    package static let defaultOrder: StaticString = "p.sequence, x.id"
    package static let columns: StaticString = "x.id, x.instance_id, d.tenant_id"
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ExecutionView(id: row.id(), processInstanceID: row.id(), tenantID: row.next())
    })

    // Each iteration has one row while it runs; when it has ended, its token has the iteration's id.
    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select id, id as instance_id, null as activity_id from process_instance
                union all select id, instance_id, activity_id from scope
                union all select iteration_id, instance_id, null from scope where iteration_id is not null
                union all select id, instance_id, activity_id from external_task
                union all select iteration_id, instance_id, null from external_task where iteration_id is not null
                union all select id, instance_id, activity_id from user_task
                union all select iteration_id, instance_id, null from user_task where iteration_id is not null
                union all select id, instance_id, activity_id from token
                union all
                select iteration_id, instance_id, null from token where iteration_id is not null and kind > 2
            ) as x
            join process_instance p on p.id = x.instance_id
            left join process_definition d on d.id = p.definition_id
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("x.id", id: executionID)
        rows.equal("x.instance_id", id: processInstanceID)
        rows.equal("p.definition_id", processDefinitionID)
        rows.equal("p.definition_key", processDefinitionKey)
        rows.equal("p.business_key", businessKey)
        rows.equal("x.activity_id", activityID)
        rows.add("p.suspended", if: isSuspended)
        rows.add("not p.suspended", if: isActive && !isSuspended)
        rows.tenant("d.tenant_id", tenants)
        rows.incidents(
            incidents,
            "select from incident i where i.execution_id = x.id and i.instance_id = x.instance_id"
        )
        rows.subscription(.message, messageSubscription)
        rows.subscription(.signal, signalSubscription)
        rows.variables(variables, "select from variable v where v.owner_id = x.id")
        rows.variables(processVariables, "select from variable v where v.owner_id = x.instance_id")
    }
}

extension Conditions {
    /// The execution `x` waits for a message or signal of this name.
    fileprivate mutating func subscription(_ kind: EventTrigger.Kind, _ name: String?) {
        guard let name else { return }
        guard name.isStorable else { return matchNothing() }
        add("exists (select from event_subscription s where s.execution_id = x.id and s.kind = ", kind.column)
        continueWith(" and s.name = ", name, ")")
    }
}

/// An execution as lists show it.
package struct ExecutionView: Sendable {
    package var id: ExecutionID
    package var processInstanceID: ProcessInstanceID
    package var tenantID: String?
}
