import EngineCore
import Postgres

/// Everything that is stored of one process instance, column by column, without what only tells when it was done: the
/// moments, the part of identifiers that comes from them, the places in sequences.
struct StoredRows: Hashable {
    /// One for each row: its table and its columns.
    private(set) var lines: [String] = []

    init() {}

    init(of root: ProcessInstanceID, from session: Session) async throws {
        var query = DynamicQuery("Rows", "with root as (select ")
        query.append("", root.rawValue, "::uuid as id), row (name, content) as (")
        query.append(Self.rows)
        query.append(
            #"""
            )
            select name || ' ' || regexp_replace(
                regexp_replace(
                    (content - '{sequence,position}'::text[])::text,
                    '[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', '\1', 'g'
                ),
                '"\d{4}-\d\d-\d\dT[0-9:.+]+"', '"moment"', 'g'
            )
            from row
            order by 1
            """#
        )
        lines = try await session.run(query, rows: RowDecoder { (line: String) in line })
    }

    private static let rows: StaticString = """
        select 'process_instance', to_jsonb(t) from process_instance t, root where t.root_id = root.id
        union all select 'scope', to_jsonb(t) from scope t, root where t.root_id = root.id
        union all select 'token', to_jsonb(t) from token t, root where t.root_id = root.id
        union all select 'external_task', to_jsonb(t) from external_task t, root where t.root_id = root.id
        union all select 'user_task', to_jsonb(t) from user_task t, root where t.root_id = root.id
        union all select 'identity_link', to_jsonb(t) from identity_link t, root
            where t.task_id in (select id from user_task where root_id = root.id)
        union all select 'variable', to_jsonb(t) from variable t, root where t.root_id = root.id
        union all select 'event_subscription', to_jsonb(t) from event_subscription t, root where t.root_id = root.id
        union all select 'incident', to_jsonb(t) from incident t, root where t.root_id = root.id
        union all select 'thrown_signal', to_jsonb(t) - 'attempts' from thrown_signal t, root where t.root_id = root.id
        union all select 'history_process_instance', to_jsonb(t) from history_process_instance t, root
            where t.root_id = root.id
        union all select 'history_activity', to_jsonb(t) from history_activity t, root where t.root_id = root.id
        union all select 'history_task', to_jsonb(t) from history_task t, root where t.root_id = root.id
        union all select 'history_variable', to_jsonb(t) from history_variable t, root where t.root_id = root.id
        union all select 'history_incident', to_jsonb(t) from history_incident t, root where t.root_id = root.id
        union all select 'history_external_task_log', to_jsonb(t) from history_external_task_log t, root
            where t.root_id = root.id
        """

    /// The first rows that are different in another.
    func difference(from other: StoredRows) -> String {
        let changes = lines.sorted().difference(from: other.lines.sorted())
        return changes.prefix(8).map { change in
            switch change {
            case .insert(_, let line, _): "too much: \(line.prefix(600))"
            case .remove(_, let line, _): "missing: \(line.prefix(600))"
            }
        }.joined(separator: "\n")
    }
}
