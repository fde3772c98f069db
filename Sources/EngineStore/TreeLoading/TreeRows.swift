package import EngineCore
package import FoundationEssentials
package import Postgres

/// Where to find, in the answer of a pipeline, the rows that some targets concern: they themselves, the scopes on their
/// paths, and what they see of variables.
package struct TreeRows {
    /// Values of more bytes than this are read only when a decision needs them.
    static let maximumInlineBytes: Int32 = 4096

    private let externalTasks: Pipeline.Token<ExternalTask>
    private let userTasks: Pipeline.Token<UserTask>
    private let tokens: Pipeline.Token<Token>
    private let instances: Pipeline.Token<Scope>
    private let scopes: Pipeline.Token<Scope>
    private let variables: Pipeline.Token<Variable>
    private let incidents: Pipeline.Token<Incident>
    private var found: Pipeline.Token<UUID>?

    /// Whether external tasks are locked before they are read.
    package enum Locking: Sendable {
        case none
        /// Those that somebody else holds are left out, see ``skipped(in:)``.
        case skipping
        case waiting
    }

    /// Adds the statements that read targets of any kind.
    package init(_ targets: [UUID], locking: Locking = .none, in pipeline: inout Pipeline) {
        switch locking {
        case .none: externalTasks = pipeline.add(ReadExternalTasks(ids: targets))
        case .waiting: externalTasks = pipeline.add(LockExternalTasksWaiting(ids: targets))
        case .skipping:
            externalTasks = pipeline.add(LockExternalTasks(ids: targets))
            found = pipeline.add(FindExternalTasks(ids: targets))
        }
        userTasks = pipeline.add(ReadUserTasks(ids: targets))
        tokens = pipeline.add(ReadTokens(ids: targets))
        instances = pipeline.add(ReadInstances(targets: targets))
        scopes = pipeline.add(ReadScopes(targets: targets))
        variables = pipeline.add(ReadVariables(targets: targets, maximumBytes: Self.maximumInlineBytes))
        incidents = pipeline.add(ReadIncidents(tasks: targets))
    }

    /// External tasks that are there, and that somebody else holds.
    package func skipped(in results: PipelineResults) -> Set<UUID> {
        guard let found else { return [] }
        return Set(results[found]).subtracting(results[externalTasks].map(\.id.rawValue))
    }

    /// The rows that were read.
    package func rows(in results: PipelineResults) -> LoadedRows {
        var rows = LoadedRows()
        rows.externalTasks = results[externalTasks]
        rows.userTasks = results[userTasks]
        rows.tokens = results[tokens]
        rows.scopes = results[instances] + results[scopes]
        rows.variables = results[variables]
        rows.incidents = results[incidents]
        return rows
    }
}

/// Where to find the rows that external tasks concern, whose roots are locked in the same pipeline: what almost every
/// command needs, with nothing looked up that only others do.
package struct ExternalTaskRows {
    private let roots: Pipeline.Token<Scope>
    private let tasks: Pipeline.Token<ExternalTask>
    private let found: Pipeline.Token<UUID>
    private let scopes: Pipeline.Token<Scope>
    private let variables: Pipeline.Token<Variable>
    private let incidents: Pipeline.Token<Incident>

    /// Adds the statements that lock the roots and the tasks, skipping those that somebody else holds, and read.
    package init(_ ids: [UUID], in pipeline: inout Pipeline) {
        roots = pipeline.add(LockRootsOfExternalTasks(tasks: ids))
        tasks = pipeline.add(LockExternalTasks(ids: ids))
        found = pipeline.add(FindExternalTasks(ids: ids))
        scopes = pipeline.add(ReadScopesOfExternalTasks(tasks: ids))
        variables = pipeline.add(ReadVariablesOfExternalTasks(tasks: ids, maximumBytes: TreeRows.maximumInlineBytes))
        incidents = pipeline.add(ReadIncidents(tasks: ids))
    }

    /// Tasks that are there, and that somebody else holds.
    package func skipped(in results: PipelineResults) -> Set<UUID> {
        Set(results[found]).subtracting(results[tasks].map(\.id.rawValue))
    }

    /// The roots that were locked, and the rows that were read.
    package func rows(in results: PipelineResults) -> (locked: [ProcessInstanceID], rows: LoadedRows) {
        var rows = LoadedRows()
        let roots = results[roots]
        rows.externalTasks = results[tasks]
        rows.scopes = roots + results[scopes]
        rows.variables = results[variables]
        rows.incidents = results[incidents]
        return (roots.map(\.instance), rows)
    }
}

extension LoadedRows {
    /// The rows of each root process instance.
    package func byRoot() -> [ProcessInstanceID: LoadedRows] {
        var byRoot: [ProcessInstanceID: LoadedRows] = [:]
        for scope in scopes { byRoot[scope.root, default: LoadedRows()].scopes.append(scope) }
        for task in externalTasks { byRoot[task.place.rootInstance, default: LoadedRows()].externalTasks.append(task) }
        for task in userTasks { byRoot[task.place.rootInstance, default: LoadedRows()].userTasks.append(task) }
        for token in tokens { byRoot[token.place.rootInstance, default: LoadedRows()].tokens.append(token) }
        for variable in variables { byRoot[variable.root, default: LoadedRows()].variables.append(variable) }
        for incident in incidents {
            byRoot[incident.place.rootInstance, default: LoadedRows()].incidents.append(incident)
        }
        return byRoot
    }
}

extension Place {
    /// The root process instance.
    package var rootInstance: ProcessInstanceID { ProcessInstanceID(path[0].rawValue) }
}
