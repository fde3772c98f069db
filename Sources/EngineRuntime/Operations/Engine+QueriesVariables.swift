package import EngineCore
package import EngineStore
import Postgres

// Reading variables of what runs.

extension Engine {
    /// Variables of what runs, without the content of files.
    package func variableInstances(_ query: VariableInstanceQuery) async throws -> [VariableInstanceView] {
        try await list(query)
    }

    /// How many variables of what runs satisfy the conditions.
    package func variableInstanceCount(_ query: VariableInstanceQuery) async throws -> Int { try await count(query) }

    /// The whole value of a variable of what runs, or nil when there is no such variable.
    package func variableContent(_ id: String) async throws -> VariableValue? {
        guard let id = VariableID(id) else { return nil }
        return try await pool.run(ReadVariableContent(id)).first
    }

    /// The variables seen from an execution, sorted by name, without the content of files.
    ///
    /// The execution is a process instance, a scope, an iteration, or what rests in them; `locally` means its own
    /// variables only.
    ///
    /// - Throws: ``Rejection/executionNotFound(_:)``.
    package func variables(seenFrom id: String, locally: Bool) async throws -> [VisibleVariable] {
        guard let execution = ExecutionID(id) else { throw Rejection.executionNotFound(id) }
        return try await read(ReadVisibleVariables(from: execution, isLocal: locally), id)
    }

    /// The whole value of one variable seen from an execution, or nil when it sees none of this name.
    ///
    /// - Throws: ``Rejection/executionNotFound(_:)``.
    package func variable(_ name: String, seenFrom id: String, locally: Bool) async throws -> VariableValue? {
        guard let execution = ExecutionID(id) else { throw Rejection.executionNotFound(id) }
        guard !name.utf8.contains(0) else { return nil }
        return try await read(
            ReadVisibleVariables(from: execution, isLocal: locally, named: name, withFileContent: true),
            id
        ).first?.value
    }

    private func read(_ statement: ReadVisibleVariables, _ id: String) async throws -> [VisibleVariable] {
        var query = ExecutionQuery()
        query.executionID = id
        // A task that belongs to no process is no execution, and has variables all the same.
        var tasks = UserTaskQuery()
        tasks.taskID = id
        var pipeline = Pipeline()
        let variables = pipeline.add(statement)
        let executions = pipeline.add(query.count, rows: RowDecoder(Int.self))
        let userTasks = pipeline.add(tasks.count, rows: RowDecoder(Int.self))
        let results = try await pool.execute(pipeline)
        guard results[executions].first ?? 0 > 0 || results[userTasks].first ?? 0 > 0 else {
            throw Rejection.executionNotFound(id)
        }
        return results[variables]
    }
}
