package import FoundationEssentials
package import Postgres

/// The root process instances of what a batch names, and those user tasks that are their own root, in id order.
private enum RootsOfTargets {
    static let instances: SQLText = """
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
        """
    static let standaloneTasks: SQLText = """
        select id
        from user_task
        where id = any ($1) and instance_id is null
        order by id
        """
}

/// Locks the roots of what a batch names, in id order; skips those that another node holds.
///
/// It only locks. What it returns is as old as the transaction's wait: reading is left to later statements, which see a
/// snapshot taken while the locks are held.
package struct LockRoots: Statement {
    package var targets: [UUID]

    package init(targets: [UUID]) { self.targets = targets }

    package static let sql: SQLText = """
        with
            instance as (\(RootsOfTargets.instances) for update skip locked),
            task as (\(RootsOfTargets.standaloneTasks) for update skip locked)
        select id from instance
        union all
        select id from task
        """

    package static let parameters = ParameterEncoder(\LockRoots.targets)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// Locks the roots of a batch that was skipped before, waiting for whoever holds them (at most the lock time-out).
package struct LockRootsWaiting: Statement {
    package var targets: [UUID]

    package init(targets: [UUID]) { self.targets = targets }

    package static let sql: SQLText = """
        with
            instance as (\(RootsOfTargets.instances) for update),
            task as (\(RootsOfTargets.standaloneTasks) for update)
        select id from instance
        union all
        select id from task
        """

    package static let parameters = ParameterEncoder(\LockRootsWaiting.targets)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// Locks and reads the root process instances of external tasks, in id order; skips those that another node holds.
///
/// The locked row itself is read as it is once the lock is held, whatever it was when the statement began. Everything
/// else is left to later statements, as for ``LockRoots``.
struct LockRootsOfExternalTasks: Statement {
    var tasks: [UUID]

    static let sql: SQLText = """
        \(InstanceRow.selection)
        where id = any (array(select root_id from external_task where id = any ($1)))
        order by id
        for update skip locked
        """

    static let parameters = ParameterEncoder(\LockRootsOfExternalTasks.tasks)
    static let rows = InstanceRow.decoder
}

/// The moment of a decision: the database's clock, read after the locks are held.
///
/// Also names the transaction, so that a commit whose connection died can be asked for.
package struct ReadMoment: Statement {
    package init() {}

    package static let sql: SQLText = """
        select clock_timestamp(), pg_current_xact_id()::text::bigint
        """

    package static let parameters = ParameterEncoder<ReadMoment>()
    package static let rows = RowDecoder { (moment: PostgresTimestamp, transaction: Int64) in
        (moment: moment, transaction: transaction)
    }
}
