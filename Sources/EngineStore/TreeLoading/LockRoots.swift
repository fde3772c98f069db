package import FoundationEssentials
package import Postgres

/// Locks the root process instances of what a batch names, in id order; skips those that another node holds.
///
/// It only locks. What it returns is as old as the transaction's wait: reading is left to later statements, which see a
/// snapshot taken while the locks are held.
package struct LockRoots: Statement {
    package var targets: [UUID]

    package init(targets: [UUID]) { self.targets = targets }

    package static let sql: StaticString = """
        select id
        from process_instance
        where id = any (array(
            select root_id from external_task where id = any ($1)
            union select root_id from user_task where id = any ($1)
            union select root_id from process_instance where id = any ($1)
            union select root_id from scope where id = any ($1)
            union select root_id from token where id = any ($1)
        ))
        order by id
        for update skip locked
        """

    package static let parameters = ParameterEncoder(\LockRoots.targets)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// Locks the roots of a batch that was skipped before, waiting for whoever holds them (at most the lock time-out).
package struct LockRootsWaiting: Statement {
    package var targets: [UUID]

    package init(targets: [UUID]) { self.targets = targets }

    package static let sql: StaticString = """
        select id
        from process_instance
        where id = any (array(
            select root_id from external_task where id = any ($1)
            union select root_id from user_task where id = any ($1)
            union select root_id from process_instance where id = any ($1)
            union select root_id from scope where id = any ($1)
            union select root_id from token where id = any ($1)
        ))
        order by id
        for update
        """

    package static let parameters = ParameterEncoder(\LockRootsWaiting.targets)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// Locks the external tasks that a batch names, so that a claim and a decision cannot cross.
///
/// Claims hold a task's lock for a moment only and never wait, so waiting for them here cannot end in a deadlock.
package struct LockExternalTasks: Statement {
    package var ids: [UUID]

    package init(ids: [UUID]) { self.ids = ids }

    package static let sql: StaticString = """
        select id
        from external_task
        where id = any ($1)
        order by id
        for update
        """

    package static let parameters = ParameterEncoder(\LockExternalTasks.ids)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// The moment of a decision: the database's clock, read after the locks are held.
///
/// Also names the transaction, so that a commit whose connection died can be asked for.
package struct ReadMoment: Statement {
    package init() {}

    package static let sql: StaticString = """
        select clock_timestamp(), pg_current_xact_id()::text::bigint
        """

    package static let parameters = ParameterEncoder<ReadMoment>()
    package static let rows = RowDecoder { (moment: PostgresTimestamp, transaction: Int64) in
        (moment: moment, transaction: transaction)
    }
}
