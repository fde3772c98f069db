package import EngineCore
import FoundationEssentials
import OrderedCollections

/// A line of history, as short as it can be told.
package struct HistoryRecord: Sendable, Hashable {
    package var table: String
    package var id: String
    package var state: String

    package init(_ table: String, _ id: String, _ state: String) {
        self.table = table
        self.id = id
        self.state = state
    }

    /// What events tell history; `before` is the whole tree before them.
    package static func records(of events: [Event], after before: InstanceTree) -> [HistoryRecord] {
        var tree = before
        var records: [HistoryRecord] = []
        for event in events {
            switch event {
            case .activityEnded(let ended):
                let state = "\(ended.isCanceled) \(ended.completesScope)"
                records.append(HistoryRecord("activity", ended.place.activityInstance.rawValue, state))
            case .externalTaskLogged(let entry):
                records.append(HistoryRecord("log", entry.id.description, entry.state.rawValue))
            case .userTaskEnded(let ended):
                records.append(HistoryRecord("task", ended.task.id.description, ended.deleteReason))
            case .incidentClosed(let incident, at: _, let isResolved):
                let state = isResolved ? "resolved" : "deleted"
                records.append(HistoryRecord("incident", incident.id.description, state))
            case .instanceEnded(let ended):
                records.append(HistoryRecord("instance", ended.scope.id.description, ended.state.rawValue))
            case .variableRemoved(let variable) where !variable.isTransient:
                records.append(HistoryRecord("variable", variable.id.description, "DELETED"))
            case .variablesClosed(let owner):
                for variable in (tree.variables[owner] ?? [:]).values where !variable.isTransient {
                    records.append(HistoryRecord("variable", variable.id.description, "CREATED"))
                }
            default: break
            }
            tree.apply(event)
        }
        return records
    }

    /// The record without what only tells when it was made.
    package var withoutTime: HistoryRecord { HistoryRecord(table, ActivityInstanceID(id).withoutTime.rawValue, state) }
}
