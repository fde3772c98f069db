package import EngineCore
import Expressions
package import FoundationEssentials
package import Postgres

/// Writes signals that were thrown, to be given to those who wait in other trees.
///
/// The node that threw them does so at once; another one when the lease has run out.
struct InsertThrownSignals: Statement {
    var signals: [ThrownSignal]

    static let sql: SQLText = """
        insert into thrown_signal (id, root_id, name, tenant_id, create_time, lease_until)
        select row.id, row.root_id, row.name, d.tenant_id, row.create_time, clock_timestamp() + interval '30 seconds'
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
            as row (id, root_id, name, definition_id, create_time)
        left join process_definition d on d.id = row.definition_id
        """

    static let parameters = ParameterEncoder(\Self.ids, \.roots, \.names, \.definitions, \.times)

    private var ids: [UUID] { signals.map(\.id.rawValue) }
    private var roots: [UUID] { signals.map(\.root.rawValue) }
    private var names: [String] { signals.map(\.name) }
    private var definitions: [String] { signals.map(\.definition.rawValue) }
    private var times: [PostgresTimestamp] { signals.map { PostgresTimestamp($0.time) } }
}

/// A signal that still has to be given to those who wait in other trees.
package struct PendingSignal: Sendable, Hashable {
    package var id: SignalID
    package var root: ProcessInstanceID
    package var name: String
    package var tenantID: String?
    package var time: PostgresTimestamp
    /// The end of the lease, by which its owner is known.
    package var lease: PostgresTimestamp
    /// How often it was tried before.
    package var attempts: Int
}

/// Reads signals that were just thrown; no row for one that somebody has begun to give.
package struct ReadThrownSignals: Statement {
    package var ids: [UUID]

    package init(_ ids: [SignalID]) { self.ids = ids.map(\.rawValue) }

    package static let sql: SQLText = """
        select id, root_id, name, tenant_id, create_time, lease_until, attempts
        from thrown_signal
        where id = any ($1)
            and attempts = 0
        order by sequence
        """

    package static let parameters = ParameterEncoder(\Self.ids)
    package static let rows = PendingSignalRow.decoder
}

/// Takes the lease of signals whose node has not given them to all in time.
package struct ClaimThrownSignals: Statement {
    /// The most signals to take.
    package var limit: Int

    package init(limit: Int) { self.limit = limit }

    package static let sql: SQLText = """
        with overdue as (
            select id
            from thrown_signal
            where lease_until < clock_timestamp()
            order by sequence
            limit $1
            for no key update skip locked
        )
        update thrown_signal as signal
        set lease_until = clock_timestamp() + interval '30 seconds'
        from overdue
        where signal.id = overdue.id
        returning signal.id, signal.root_id, signal.name, signal.tenant_id, signal.create_time, signal.lease_until,
            signal.attempts
        """

    package static let parameters = ParameterEncoder(\Self.limit)
    package static let rows = PendingSignalRow.decoder
}

/// Makes the lease of a signal last, and says its new end; no row when somebody else has taken it.
package struct RenewThrownSignal: Statement {
    package var id: UUID
    package var lease: PostgresTimestamp
    /// How many attempts begin with it: 0 or 1.
    package var attempts: Int32

    package init(_ id: SignalID, lease: PostgresTimestamp, beginsAttempt: Bool) {
        self.id = id.rawValue
        self.lease = lease
        self.attempts = beginsAttempt ? 1 : 0
    }

    package static let sql: SQLText = """
        update thrown_signal
        set lease_until = clock_timestamp() + interval '30 seconds', attempts = attempts + $3
        where id = $1
            and lease_until = $2
        returning lease_until
        """

    package static let parameters = ParameterEncoder(\Self.id, \.lease, \.attempts)
    package static let rows = RowDecoder(PostgresTimestamp.self)
}

/// Removes signals that were given to all, and who had them.
package struct DeleteThrownSignals: Statement {
    package var ids: [UUID]

    package init(_ ids: [SignalID]) { self.ids = ids.map(\.rawValue) }

    package static let sql: SQLText = "delete from thrown_signal where id = any ($1)"
    package static let parameters = ParameterEncoder(\Self.ids)
}

/// How the columns of a thrown signal become one.
private enum PendingSignalRow {
    static let decoder = RowDecoder {
        (
            id: UUID,
            root: UUID,
            name: String,
            tenant: String?,
            time: PostgresTimestamp,
            lease: PostgresTimestamp,
            attempts: Int32
        ) in
        PendingSignal(
            id: SignalID(id),
            root: ProcessInstanceID(root),
            name: name,
            tenantID: tenant,
            time: time,
            lease: lease,
            attempts: Int(attempts)
        )
    }
}
