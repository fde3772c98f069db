package import BPMN
package import EngineCore
package import Postgres

/// The start events that wait for a message or signal and may start an instance now: those of definitions that are not
/// suspended.
package struct WaitingStarts: Sendable {
    package var kind: EventTrigger.Kind
    package var name: String
    package var tenant = TenantFilter()
    /// Leaves out those who have this signal.
    package var untakenSignal: SignalID?

    package init(for kind: EventTrigger.Kind, named name: String) {
        self.kind = kind
        self.name = name
    }

    /// All of them: at most as many as there are processes.
    package var list: DynamicQuery {
        var query = DynamicQuery("waiting starts", "select s.definition_id, s.activity_id")
        query.append(" from event_subscription s join process_definition d on d.id = s.definition_id")
        var rows = Conditions(of: query)
        rows.equal("s.name", name)
        rows.add("s.kind = ", kind.column)
        rows.add("s.execution_id is null")
        rows.add("not d.suspended")
        rows.tenant("s.tenant_id", tenant)
        rows.add(
            "not exists (select from signal_receipt r where r.signal_id = ",
            untakenSignal?.rawValue,
            """
             and r.definition_key = d.key and r.tenant_id is not distinct from d.tenant_id
                and r.activity_id = s.activity_id)
            """
        )
        query = rows.query
        query.append(" order by s.sequence")
        return query
    }

    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try WaitingStart(definition: row.next(), activityID: row.next())
    })
}

/// A start event that waits.
package struct WaitingStart: Sendable {
    package var definition: DefinitionID
    package var activityID: String
}
