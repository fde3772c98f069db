package import EngineCore
import FoundationEssentials
import Postgres

/// Who has a thrown signal.
package struct SignalReceipt: Sendable, Hashable {
    package var signal: SignalID
    package var receiver: SignalReceiver
}

/// Writes who has a signal, together with what the signal does there.
///
/// Fails with ``PostgresError/refusesSignal`` when one of them had it before, or the signal is gone.
struct InsertSignalReceipts: Statement {
    var receipts: [SignalReceipt]

    static let sql: SQLText = """
        insert into signal_receipt (signal_id, subscription_id, definition_key, tenant_id, activity_id)
        select row.signal_id, row.subscription_id, definition.key, definition.tenant_id, row.activity_id
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
            as row (signal_id, subscription_id, definition_id, activity_id)
        left join process_definition definition on definition.id = row.definition_id
        """

    static let parameters = ParameterEncoder(\Self.signals, \.subscriptions, \.definitions, \.activities)

    private var signals: [UUID] { receipts.map(\.signal.rawValue) }
    private var subscriptions: [UUID?] {
        receipts.map { if case .subscription(let id) = $0.receiver { id.rawValue } else { nil } }
    }
    private var definitions: [String?] {
        receipts.map { if case .startEvent(_, of: let definition) = $0.receiver { definition.rawValue } else { nil } }
    }
    private var activities: [String?] {
        receipts.map { if case .startEvent(let activity, of: _) = $0.receiver { activity } else { nil } }
    }
}

extension PostgresError {
    /// Whether a thrown signal was refused, because whoever was to get it had it before, or because it is gone: nothing was
    /// done there.
    package var refusesSignal: Bool {
        effect == .undone && ["signal_receipt_once", "signal_receipt_of_signal"].contains(constraint)
    }
}
