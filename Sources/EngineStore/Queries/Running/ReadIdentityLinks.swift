package import EngineCore
package import FoundationEssentials
package import Postgres

/// Reads who has to do with user tasks: their links, then their assignees, then their owners.
package struct ReadIdentityLinks: Statement {
    package var tasks: [UUID]

    package init(of tasks: [UserTaskID]) { self.tasks = tasks.map(\.rawValue) }

    package static let sql: SQLText = """
        select task_id, type, user_id, group_id
        from (
            select 1 as part, task_id, type, user_id, group_id, sequence
            from identity_link where task_id = any ($1)
            union all
            select 2, id, 'assignee', assignee, null, sequence
            from user_task where id = any ($1) and assignee is not null
            union all
            select 3, id, 'owner', owner, null, sequence
            from user_task where id = any ($1) and owner is not null
        ) as link
        order by part, sequence
        """
    package static let parameters = ParameterEncoder(\Self.tasks)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try IdentityLinkView(taskID: row.id(), type: row.next(), userID: row.next(), groupID: row.next())
    })
}

/// Somebody who has to do with a user task; of user and group, one is there.
package struct IdentityLinkView: Sendable, Hashable {
    package var taskID: UserTaskID
    package var type: String
    package var userID: String?
    package var groupID: String?
}
