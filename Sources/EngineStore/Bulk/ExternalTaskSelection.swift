package import EngineCore
import FoundationEssentials
package import Postgres

/// External tasks that a request names: the union of all given sources, each task once.
package struct ExternalTaskSelection: Sendable {
    /// Named one by one; they need not exist, nor be ids at all.
    package var taskIDs: [String] = []
    /// All tasks of these process instances.
    package var instanceIDs: [String] = []
    package var taskQuery: ExternalTaskQuery?
    /// All tasks of the process instances that the query finds.
    package var instanceQuery: ProcessInstanceQuery?
    /// All tasks of the process instances that the query finds, as far as they run.
    package var historicQuery: HistoricInstanceQuery?

    package init() {}

    /// What was named and cannot be a task, each once.
    package var strangers: Set<String> { Set(taskIDs.filter { UUID(text: $0) == nil }) }

    /// Appends a select of all ids that can be tasks, in one column `id`, each once.
    func append(to query: inout DynamicQuery) {
        query.append("select unnest(", Array(Set(taskIDs.compactMap(UUID.init(text:)))), ") as id")
        if !instanceIDs.isEmpty {
            let instances = instanceIDs.compactMap(UUID.init(text:))
            query.append(" union select id from external_task where instance_id = any (", instances, ")")
        }
        if let taskQuery {
            query.append(" union")
            taskQuery.appendSelect("t.id", to: &query)
        }
        if let instanceQuery {
            query.append(" union select id from external_task where instance_id in (")
            instanceQuery.appendSelect("p.id", to: &query)
            query.append(")")
        }
        if let historicQuery {
            query.append(" union select id from external_task where instance_id in (")
            historicQuery.appendSelect("h.id", to: &query)
            query.append(")")
        }
    }
}

/// A task that a selection names, and whether it exists.
package struct SelectedTask: Sendable {
    package var id: ExternalTaskID
    package var exists: Bool
}

extension ExternalTaskSelection {
    /// Reads the tasks, without those that cannot be any.
    package var query: DynamicQuery {
        var query = DynamicQuery("selected external tasks", "with target (id) as (")
        append(to: &query)
        query.append(
            """
            )
            select target.id, task.id is not null
            from target
            left join external_task as task on task.id = target.id
            """
        )
        return query
    }

    /// How a row of ``query`` is read.
    package static let rows = RowDecoder { (id: UUID, exists: Bool) in
        SelectedTask(id: ExternalTaskID(id), exists: exists)
    }
}
