import EngineCore
import EngineStore
import FoundationEssentials
import Postgres

/// Takes away what belongs to definitions, in an open transaction that has locked them.
struct DefinitionDeletion {
    let transaction: any StatementRunner

    /// The most instances that one statement takes.
    static let chunk = 1_000
    /// The longest that one statement may run.
    static let timeout = Duration.seconds(600)

    /// Waiting for locks stays as limited as everywhere; the work itself may be long.
    func liftTimeouts() async throws(PostgresError) {
        try await transaction.run(LimitWaiting(lockMilliseconds: 10_000))
    }

    /// One of the definitions that has instances that run; nil when none has.
    func firstRunning(of definitions: [DefinitionID]) async throws(PostgresError) -> DefinitionID? {
        try await transaction.run(FindRunningDefinitions(definitions: definitions)).first
    }

    /// Deletes what runs of the definitions, and their history; the root instances are locked in id order.
    func deleteInstances(of definitions: [DefinitionID]) async throws(PostgresError) {
        var lock = Pipeline()
        lock.add(LockRootsOfDefinitions(definitions: definitions))
        try await transaction.execute(lock, timeout: Self.timeout)
        for definition in definitions {
            try await deleteRunning(of: definition)
            try await deleteEnded(of: definition)
        }
    }

    /// Deletes the definitions themselves.
    ///
    /// Where that makes an earlier version the latest one, its start events wait again. Other deployments of the tenant
    /// wait until the transaction ends.
    func delete(_ definitions: [DefinitionID]) async throws {
        try await transaction.run(LockTenantsOfDefinitions(definitions))
        let successors = try await transaction.run(FindSuccessors(of: definitions))
        try await transaction.run(DeleteStartSubscriptions(of: definitions))
        try await transaction.run(DeleteDefinitions(definitions))
        for successor in successors { try await restoreStarts(of: successor) }
    }

    private func restoreStarts(of definition: DefinitionID) async throws {
        guard let (record, content) = try await transaction.run(LoadDefinition(id: definition)).first else { return }
        let process = try DeployedDefinition(record, model: content).definition
        let starts = StartSubscription.all(of: process, definition: definition, newID: UUID.init)
        if !starts.isEmpty { try await transaction.run(InsertStartSubscriptions(starts)) }
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
