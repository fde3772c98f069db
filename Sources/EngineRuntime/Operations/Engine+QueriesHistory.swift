import BPMN
package import EngineCore
package import EngineStore
import Postgres

// Reading history: what has ended together with what still runs, as far as history of it is kept.

extension Engine {
    /// Process instances.
    package func historicProcessInstances(_ query: HistoricInstanceQuery) async throws -> [HistoricInstanceView] {
        try await list(adjusted(query, for: .activity, \.includesRunning))
    }

    /// How many process instances satisfy the conditions.
    package func historicProcessInstanceCount(_ query: HistoricInstanceQuery) async throws -> Int {
        try await count(adjusted(query, for: .activity, \.includesRunning))
    }

    /// Runs through activities.
    package func historicActivities(_ query: HistoricActivityQuery) async throws -> [HistoricActivityView] {
        var views = try await list(try await withRunningActivities(query))
        var processes: [String: ProcessDefinition?] = [:]
        for index in views.indices where views[index].activityType == nil {
            let id = views[index].processDefinitionID
            let process: ProcessDefinition?
            if let known = processes[id] { process = known } else { process = try await self.process(id) }
            processes[id] = .some(process)
            let label = process?.label(of: views[index].activityID)
            views[index].activityName = label?.name
            views[index].activityType = label?.type
        }
        return views
    }

    /// How many runs through activities satisfy the conditions.
    package func historicActivityCount(_ query: HistoricActivityQuery) async throws -> Int {
        try await count(try await withRunningActivities(query))
    }

    /// Variables, without the content of files.
    package func historicVariables(_ query: HistoricVariableQuery) async throws -> [HistoricVariableView] {
        try await list(adjusted(query, for: .audit, \.includesRunning))
    }

    /// How many variables satisfy the conditions.
    package func historicVariableCount(_ query: HistoricVariableQuery) async throws -> Int {
        try await count(adjusted(query, for: .audit, \.includesRunning))
    }

    /// The whole value of a variable, or nil when there is no such variable.
    package func historicVariableContent(_ id: String) async throws -> VariableValue? {
        guard let id = VariableID(id) else { return nil }
        return try await pool.run(ReadHistoricVariableContent(id)).first
    }

    /// Incidents.
    package func historicIncidents(_ query: HistoricIncidentQuery) async throws -> [HistoricIncidentView] {
        try await list(adjusted(query, for: .full, \.includesRunning))
    }

    /// How many incidents satisfy the conditions.
    package func historicIncidentCount(_ query: HistoricIncidentQuery) async throws -> Int {
        try await count(adjusted(query, for: .full, \.includesRunning))
    }

    /// User tasks.
    package func historicTasks(_ query: HistoricTaskQuery) async throws -> [HistoricTaskView] {
        try await list(adjusted(query, for: .activity, \.includesRunning))
    }

    /// How many user tasks satisfy the conditions.
    package func historicTaskCount(_ query: HistoricTaskQuery) async throws -> Int {
        try await count(adjusted(query, for: .activity, \.includesRunning))
    }

    /// Entries of the external-task log.
    package func externalTaskLog(_ query: ExternalTaskLogQuery) async throws -> [ExternalTaskLogView] {
        try await list(query)
    }

    /// How many entries of the external-task log satisfy the conditions.
    package func externalTaskLogCount(_ query: ExternalTaskLogQuery) async throws -> Int { try await count(query) }

    /// The error details of a log entry: nil when there is no such entry, `.some(nil)` when it has none.
    package func externalTaskLogErrorDetails(_ id: String) async throws -> String?? {
        guard let id = LogEntryID(id) else { return nil }
        return try await pool.run(ReadLogErrorDetails(id)).first
    }

    /// Names and types of what runs stand in the models: asks for them when they decide on the rows.
    private func withRunningActivities(_ query: HistoricActivityQuery) async throws -> HistoricActivityQuery {
        var query = adjusted(query, for: .activity, \.includesRunning)
        guard query.needsRunningActivities else { return query }
        for var activity in try await pool.run(ReadRunningActivities(for: query)) {
            guard let label = try await process(activity.definitionID)?.label(of: activity.activityID) else { continue }
            (activity.name, activity.type) = (label.name, label.type)
            query.runningActivities.append(activity)
        }
        return query
    }

    /// What runs is not shown as history that is not kept.
    private func adjusted<Query>(
        _ query: Query,
        for level: HistoryLevel,
        _ includesRunning: WritableKeyPath<Query, Bool>
    ) -> Query {
        var query = query
        if configuration.historyLevel < level { query[keyPath: includesRunning] = false }
        return query
    }

    /// The process of a definition; nil when it was deleted meanwhile, or when this version cannot read it.
    private func process(_ id: String) async throws -> ProcessDefinition? {
        do {
            return try await definitions.definition(DefinitionID(id)).definition
        } catch is DefinitionUnreadable {
            return nil
        } catch Rejection.definitionNotFound {
            return nil
        }
    }
}
