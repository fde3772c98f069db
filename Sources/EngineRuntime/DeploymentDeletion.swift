import EngineCore
import EngineStore
import FoundationEssentials
import Postgres

/// Deletes one deployment in an open transaction.
struct DeploymentDeletion {
    let id: DeploymentID
    let transaction: any StatementRunner

    /// The most instances that one statement takes.
    static let chunk = 1_000
    /// The longest that one statement may run.
    static let timeout = Duration.seconds(600)

    /// Deletes the deployment; with `cascade`, also what runs of its definitions, and their history.
    ///
    /// Locks go from the outside in: the deployment, its definitions (starts wait from then on), the root instances in
    /// id order; last the tenant, whose other deployments wait until the start events of earlier versions are back.
    /// - Returns: The definitions that are gone.
    func delete(cascade: Bool) async throws -> [DefinitionID] {
        try await liftTimeouts()
        guard try await !transaction.run(LockDeployment(id: id)).isEmpty else {
            throw Rejection.deploymentNotFound(id.description)
        }
        let definitions = try await transaction.run(LockDefinitionsOfDeployment(deployment: id))
        if cascade {
            try await deleteInstances(of: definitions)
        } else {
            try await refuseIfRunning(definitions)
        }
        try await transaction.run(LockTenantOfDeployment(id: id))
        let successors = try await transaction.run(FindSuccessors(of: definitions))
        try await transaction.run(DeleteStartSubscriptions(of: definitions))
        try await transaction.run(DeleteDeployment(id: id))
        for successor in successors { try await restoreStarts(of: successor) }
        return definitions
    }

    /// The start events of a definition that is the latest again wait again.
    private func restoreStarts(of definition: DefinitionID) async throws {
        guard let (record, content) = try await transaction.run(LoadDefinition(id: definition)).first else { return }
        let process = try DeployedDefinition(record, model: content).definition
        let starts = StartSubscription.all(of: process, definition: definition, newID: UUID.init)
        if !starts.isEmpty { try await transaction.run(InsertStartSubscriptions(starts)) }
    }

    /// Waiting for locks stays as limited as everywhere; the work itself may be long.
    private func liftTimeouts() async throws(PostgresError) {
        try await transaction.run(LimitWaiting(lockMilliseconds: 10_000))
    }

    private func refuseIfRunning(_ definitions: [DefinitionID]) async throws {
        guard let running = try await transaction.run(FindRunningDefinitions(definitions: definitions)).first else {
            return
        }
        throw Rejection.invalid(
            message: "Deployment with id '\(id)' cannot be deleted: instances of process definition '\(running)' run"
        )
    }

    private func deleteInstances(of definitions: [DefinitionID]) async throws(PostgresError) {
        var lock = Pipeline()
        lock.add(LockRootsOfDefinitions(definitions: definitions))
        try await transaction.execute(lock, timeout: Self.timeout)
        for definition in definitions {
            try await deleteRunning(of: definition)
            try await deleteEnded(of: definition)
        }
    }

    private func deleteRunning(of definition: DefinitionID) async throws(PostgresError) {
        var last: Int64 = 0
        while true {
            let roots = try await transaction.run(
                FindRootsOfDefinition(definition: definition, after: last, limit: Self.chunk)
            )
            guard let newest = roots.last else { return }
            last = newest.sequence
            var pipeline = Pipeline()
            let instances = pipeline.add(DeleteRoots(roots: roots.map(\.id)))
            let results = try await transaction.execute(pipeline, timeout: Self.timeout)
            try await deleteHistory(of: results[instances])
        }
    }

    private func deleteEnded(of definition: DefinitionID) async throws(PostgresError) {
        var last: Int64 = 0
        while true {
            let ended = try await transaction.run(
                FindEndedInstances(definition: definition, after: last, limit: Self.chunk)
            )
            guard let newest = ended.last else { return }
            last = newest.sequence
            try await deleteHistory(of: ended.map(\.id))
        }
    }

    private func deleteHistory(of instances: [UUID]) async throws(PostgresError) {
        var pipeline = Pipeline()
        pipeline.add(DeleteHistory(instances: instances))
        try await transaction.execute(pipeline, timeout: Self.timeout)
    }
}
