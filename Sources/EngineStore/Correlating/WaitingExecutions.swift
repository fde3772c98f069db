package import BPMN
package import EngineCore
package import Postgres

/// The executions that wait for a message or signal and may get it now, in the order in which they began to wait.
///
/// Instances that are suspended do not count. The name and the id or business key of an instance are looked up by index;
/// conditions on variables are checked for each execution that the others leave.
package struct WaitingExecutions: Sendable {
    package var kind: EventTrigger.Kind
    package var name: String
    package var processInstanceID: String?
    package var executionID: String?
    package var businessKey: String?
    /// Variables of the process instance.
    package var processVariables: [VariableFilter] = []
    /// Variables of the execution itself.
    package var localVariables: [VariableFilter] = []
    package var tenant = TenantFilter()
    /// Leaves out those of one tree.
    package var exceptRoot: ProcessInstanceID?
    /// Only those that began to wait at this moment at the latest.
    package var until: PostgresTimestamp?
    /// Leaves out those who have this signal.
    package var untakenSignal: SignalID?
    /// Only those after this one, by ``WaitingExecution/sequence``.
    package var after: Int64 = 0

    package init(for kind: EventTrigger.Kind, named name: String) {
        self.kind = kind
        self.name = name
    }

    /// The first of them, at most `limit`.
    package func list(limit: Int) -> DynamicQuery {
        var query = DynamicQuery(
            "waiting executions",
            "select s.id, s.execution_id, s.instance_id, s.tenant_id, s.sequence, statement_timestamp()"
        )
        appendBody(to: &query)
        query.append(" order by s.sequence limit ", limit)
        return query
    }

    /// How many there are.
    package var count: DynamicQuery {
        var query = DynamicQuery("waiting executions", "select count(*)")
        appendBody(to: &query)
        return query
    }

    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try WaitingExecution(
            subscription: row.id(),
            execution: row.id(),
            processInstance: row.id(),
            tenantID: row.next(),
            sequence: row.next(),
            readTime: row.next()
        )
    })

    private func appendBody(to query: inout DynamicQuery) {
        query.append(" from event_subscription s join process_instance p on p.id = s.instance_id")
        var rows = Conditions(of: query)
        rows.equal("s.name", name)
        rows.add("s.kind = ", kind.column)
        rows.add("not p.suspended")
        rows.add("s.sequence > ", after)
        rows.add("s.create_time <= ", until)
        rows.add("s.root_id <> ", exceptRoot?.rawValue)
        rows.add(
            "not exists (select from signal_receipt r where r.signal_id = ",
            untakenSignal?.rawValue,
            " and r.subscription_id = s.id)"
        )
        rows.equal("s.instance_id", id: processInstanceID)
        rows.equal("s.execution_id", id: executionID)
        rows.equal("p.business_key", businessKey)
        rows.tenant("s.tenant_id", tenant)
        rows.variables(processVariables, "select from variable v where v.owner_id = s.instance_id")
        rows.variables(localVariables, "select from variable v where v.owner_id = s.execution_id")
        query = rows.query
    }
}

/// An execution that waits.
package struct WaitingExecution: Sendable {
    package var subscription: SubscriptionID
    package var execution: ExecutionID
    package var processInstance: ProcessInstanceID
    package var tenantID: String?
    /// Its place among all that wait.
    package var sequence: Int64
    /// The database's clock when it was read.
    package var readTime: PostgresTimestamp
}
