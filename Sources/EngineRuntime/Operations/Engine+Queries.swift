import EngineCore
package import EngineStore
import Postgres

// Reading what runs. Every list has a count with the same conditions; an id that cannot be one of ours finds nothing.

extension Engine {
    /// External tasks that are open.
    package func externalTasks(_ query: ExternalTaskQuery) async throws -> [ExternalTaskView] { try await list(query) }

    /// How many external tasks satisfy the conditions.
    package func externalTaskCount(_ query: ExternalTaskQuery) async throws -> Int { try await count(query) }

    /// The details of an external task's last failure, if any were stored.
    ///
    /// - Throws: ``Rejection/externalTaskNotFound(_:)``.
    package func externalTaskErrorDetails(_ id: String) async throws -> String? {
        guard let task = ExternalTaskID(id), let found = try await pool.run(ReadErrorDetails(task)).first else {
            throw Rejection.externalTaskNotFound(id)
        }
        return found
    }

    /// The topics of open external tasks, each once; the flags are joined by *and*.
    package func topicNames(onlyLocked: Bool, onlyUnlocked: Bool, onlyWithRetriesLeft: Bool) async throws -> [String?] {
        try await pool.run(
            ReadTopicNames(
                onlyLocked: onlyLocked,
                onlyUnlocked: onlyUnlocked,
                onlyWithRetriesLeft: onlyWithRetriesLeft
            )
        )
    }

    /// Process instances that run.
    package func processInstances(_ query: ProcessInstanceQuery) async throws -> [ProcessInstanceView] {
        try await list(query)
    }

    /// How many running process instances satisfy the conditions.
    package func processInstanceCount(_ query: ProcessInstanceQuery) async throws -> Int { try await count(query) }

    /// What runs inside a process instance.
    ///
    /// - Throws: ``Rejection/processInstanceNotFound(_:)``.
    package func activityTree(ofProcessInstance id: String) async throws -> ActivityTree {
        guard let instance = ProcessInstanceID(id) else { throw Rejection.processInstanceNotFound(id) }
        var query = ProcessInstanceQuery()
        query.processInstanceIDs = [id]
        var pipeline = Pipeline()
        // The instance comes last: if it ends meanwhile, it is not found rather than empty.
        let rows = pipeline.add(ReadActivityRows(of: instance))
        let incidents = pipeline.add(ReadActivityIncidents(of: instance))
        let instances = pipeline.add(query.list, rows: ProcessInstanceQuery.rows)
        let results = try await pool.execute(pipeline)
        guard let found = results[instances].first else { throw Rejection.processInstanceNotFound(id) }
        let definition = try await definitions.definition(DefinitionID(found.definitionID))
        return ActivityTree(
            of: instance.description,
            definitionID: found.definitionID,
            rows: results[rows],
            incidents: results[incidents],
            definition: definition.definition
        )
    }

    /// Process instances, scopes, iterations, and what rests in them.
    package func executions(_ query: ExecutionQuery) async throws -> [ExecutionView] { try await list(query) }

    /// How many executions satisfy the conditions.
    package func executionCount(_ query: ExecutionQuery) async throws -> Int { try await count(query) }

    /// Open incidents.
    package func incidents(_ query: IncidentQuery) async throws -> [IncidentView] { try await list(query) }

    /// How many open incidents satisfy the conditions.
    package func incidentCount(_ query: IncidentQuery) async throws -> Int { try await count(query) }
}

// MARK: Any list

extension Engine {
    /// The wanted page of a list; an empty page asks nobody.
    func list<Query: ListQuery>(_ query: Query) async throws -> [Query.View] {
        guard !query.page.isEmpty else { return [] }
        return try await pool.run(query.list, rows: Query.rows)
    }

    /// How many rows satisfy the conditions of a list.
    func count(_ query: some ListQuery) async throws -> Int {
        try await pool.run(query.count, rows: RowDecoder(Int.self)).first ?? 0
    }
}
