package import EngineCore
package import FoundationEssentials
package import Postgres

/// A running activity of an instance: a sub-process, a body, a task, or a token that rests.
package struct ActivityRow: Sendable {
    /// The execution that holds or rests at it.
    package var id: UUID
    package var activityID: String
    package var activityInstanceID: String?
    package var parentActivityInstanceID: String
    /// The execution of the iteration that it is, if any.
    package var iterationID: UUID?
    /// An iteration of a parallel multi-instance that has ended and waits for the others: no activity any more.
    package var isEndedIteration: Bool

    package init(
        id: UUID,
        activityID: String,
        activityInstanceID: String?,
        parentActivityInstanceID: String,
        iterationID: UUID? = nil,
        isEndedIteration: Bool = false
    ) {
        self.id = id
        self.activityID = activityID
        self.activityInstanceID = activityInstanceID
        self.parentActivityInstanceID = parentActivityInstanceID
        self.iterationID = iterationID
        self.isEndedIteration = isEndedIteration
    }
}

/// Reads everything that runs directly or indirectly inside a process instance, without called ones.
package struct ReadActivityRows: Statement {
    package var instance: UUID

    package static let sql: SQLText = """
        select id, activity_id, activity_instance_id, parent_activity_instance_id, iteration_id, false
        from scope where instance_id = $1
        union all
        select id, activity_id, activity_instance_id, parent_activity_instance_id, iteration_id, false
        from external_task where instance_id = $1
        union all
        select id, activity_id, activity_instance_id, parent_activity_instance_id, iteration_id, false
        from user_task where instance_id = $1
        union all
        select id, activity_id, activity_instance_id, parent_activity_instance_id, case when kind > 2 then iteration_id end,
            kind = 2
        from token
        where root_id = (select root_id from process_instance where id = $1) and instance_id = $1
        order by 1
        """
    package static let parameters = ParameterEncoder(\Self.instance)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ActivityRow(
            id: row.next(),
            activityID: row.next(),
            activityInstanceID: row.next(),
            parentActivityInstanceID: row.next(),
            iterationID: row.next(),
            isEndedIteration: row.next()
        )
    })

    package init(of instance: ProcessInstanceID) { self.instance = instance.rawValue }
}

/// An open incident in the tree of activity instances.
package struct ActivityIncident: Sendable, Hashable {
    package var id: IncidentID
    package var activityID: String
    package var activityInstanceID: String

    package init(id: IncidentID, activityID: String, activityInstanceID: String) {
        self.id = id
        self.activityID = activityID
        self.activityInstanceID = activityInstanceID
    }
}

/// Reads the open incidents of a process instance.
package struct ReadActivityIncidents: Statement {
    package var instance: UUID

    package static let sql: SQLText = """
        select id, activity_id, activity_instance_id
        from incident
        where instance_id = $1
        order by sequence
        """
    package static let parameters = ParameterEncoder(\Self.instance)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ActivityIncident(id: row.id(), activityID: row.next(), activityInstanceID: row.next())
    })

    package init(of instance: ProcessInstanceID) { self.instance = instance.rawValue }
}
