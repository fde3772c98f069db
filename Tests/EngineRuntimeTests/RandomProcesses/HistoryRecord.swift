import EngineCore
import EngineStore
import FoundationEssentials
import OrderedCollections
import Postgres

/// A row of history, as short as it can be told.
struct HistoryRecord: Hashable {
    var table: String
    var id: String
    /// How it ended, and what was noted of it.
    var content: String

    private init(_ table: String, _ id: String, _ content: [String?]) {
        self.table = table
        self.id = id
        self.content = content.map { $0 ?? "-" }.joined(separator: " ")
    }
}

// MARK: As it is decided

extension HistoryRecord {
    /// What events tell history; `before` is the whole tree before them.
    static func records(of events: [Event], after before: InstanceTree) -> [HistoryRecord] {
        var tree = before
        var records: [HistoryRecord] = []
        for event in events {
            switch event {
            case .activityEnded(let ended): records.append(HistoryRecord(ended))
            case .externalTaskLogged(let entry): records.append(HistoryRecord(entry))
            case .userTaskEnded(let ended): records.append(HistoryRecord(ended))
            case .instanceEnded(let ended): records.append(HistoryRecord(ended))
            case .incidentClosed(let incident, at: _, let isResolved):
                let content = [isResolved ? "resolved" : "deleted", incident.message]
                records.append(HistoryRecord("incident", incident.id.description, content))
            case .variableRemoved(let variable) where !variable.isTransient:
                records.append(HistoryRecord(variable, "DELETED"))
            case .variablesClosed(let owner):
                for variable in (tree.variables[owner] ?? [:]).values where !variable.isTransient {
                    records.append(HistoryRecord(variable, "CREATED"))
                }
            default: break
            }
            tree.apply(event)
        }
        return records
    }

    private init(_ ended: EndedActivity) {
        let content = ["\(ended.isCanceled)", "\(ended.completesScope)", ended.activityType, ended.assignee]
        self.init("activity", ended.place.activityInstance.rawValue, content)
    }

    private init(_ entry: ExternalTaskLogEntry) {
        let task = entry.task
        // What went wrong before is no part of what came then.
        let message = entry.state == .failed ? task.errorMessage : nil
        let content = [
            entry.state.rawValue, task.worker?.rawValue, task.retries?.description, "\(task.priority)", message,
        ]
        self.init("log", entry.id.description, content)
    }

    private init(_ ended: EndedUserTask) {
        let task = ended.task
        self.init("task", task.id.description, [ended.deleteReason, task.name, task.assignee, task.owner])
    }

    private init(_ ended: EndedInstance) {
        let content = [ended.state.rawValue, ended.endActivityID, ended.deleteReason]
        self.init("instance", ended.scope.id.description, content)
    }

    private init(_ variable: Variable, _ state: String) {
        let columns = VariableColumns(variable.value ?? .null)
        let content = [state, variable.name, columns.type, columns.text, columns.long?.description]
        self.init("variable", variable.id.description, content + [columns.data?.count.description])
    }
}

// MARK: As it is stored

extension HistoryRecord {
    static func stored(of root: ProcessInstanceID, from session: Session) async throws -> Set<HistoryRecord> {
        var query = DynamicQuery("History", "with root as (select ")
        query.append("", root.rawValue, "::uuid as id) ")
        query.append(
            """
            select 'activity', h.id, array[canceled::text, complete_scope::text, activity_type, assignee]
            from history_activity h, root where root_id = root.id
            union all
            select 'log', h.id::text, array[state, worker_id, retries::text, priority::text, error_message]
            from history_external_task_log h, root where root_id = root.id
            union all
            select 'task', h.id::text, array[delete_reason, name, assignee, owner]
            from history_task h, root where root_id = root.id
            union all
            select 'incident', h.id::text, array[state, message]
            from history_incident h, root where root_id = root.id
            union all
            select 'instance', h.id::text, array[state, end_activity_id, delete_reason]
            from history_process_instance h, root where root_id = root.id
            union all
            select 'variable', h.id::text,
                array[state, name, type, text_value, long_value::text, octet_length(data)::text]
            from history_variable h, root where root_id = root.id
            """
        )
        let rows = RowDecoder { (table: String, id: String, content: [String?]) in HistoryRecord(table, id, content) }
        return Set(try await session.run(query, rows: rows))
    }
}
