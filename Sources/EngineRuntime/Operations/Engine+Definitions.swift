import EngineCore
import EngineStore
import Logging
import Postgres

extension Engine {
    /// How many instances are suspended or activated at once.
    private static let suspensionsAtOnce = 100

    /// Deletes definitions; their deployments keep their resources.
    ///
    /// With `cascade`, what runs of them is deleted as well, without listeners or mappings, and so is their history.
    /// Without, the deletion is refused while instances run, and history stays. All of them are deleted, or none.
    ///
    /// See the REST reference, *Delete process definition*.
    /// - Throws: ``Rejection``: `.definitionNotFound`, `.definitionKeyNotFound`, `.invalid` when instances run.
    package func deleteDefinitions(_ selection: DefinitionSelection, cascade: Bool) async throws {
        let deleted = try await changeDefinitions(selection) { transaction, definitions in
            let deletion = DefinitionDeletion(transaction: transaction)
            try await deletion.liftTimeouts()
            if cascade {
                try await deletion.deleteInstances(of: definitions)
            } else if let running = try await deletion.firstRunning(of: definitions) {
                throw Rejection.invalid(
                    message: "Process definition with id '\(running)' cannot be deleted: instances of it run"
                )
            }
            try await deletion.delete(definitions)
        }
        definitions.remove(deleted)
        logger.info(
            "Process definitions deleted",
            metadata: ["definitions": "\(deleted.count)", "cascade": "\(cascade)"]
        )
    }

    /// Keeps instances of definitions from being started, or lets them be started again; with `includingInstances` also
    /// suspends or activates those that run.
    ///
    /// The definitions change together, and no start that began before goes on after. The instances follow one by one:
    /// when that is interrupted the rest stays as it was, and asking again does the rest.
    ///
    /// See the REST reference, *Activate/Suspend process definition*.
    /// - Throws: ``Rejection``: `.definitionNotFound`, `.definitionKeyNotFound`; what suspending an instance throws.
    package func suspendDefinitions(
        _ selection: DefinitionSelection,
        isSuspended: Bool,
        includingInstances: Bool
    ) async throws {
        let changed = try await changeDefinitions(selection) { transaction, definitions in
            try await transaction.run(SuspendDefinitions(definitions, isSuspended: isSuspended))
        }
        guard includingInstances else { return }
        for definition in changed { try await suspendInstances(of: definition, isSuspended: isSuspended) }
    }

    /// Locks the selected definitions and changes them in one transaction.
    ///
    /// - Returns: The definitions that were there.
    private func changeDefinitions(
        _ selection: DefinitionSelection,
        _ change: @Sendable (Transaction, [DefinitionID]) async throws -> Void
    ) async throws -> [DefinitionID] {
        let (notFound, lock) = try await locking(selection)
        return try await pool.transaction { transaction in
            let definitions = try await lock(transaction)
            guard !definitions.isEmpty else { throw notFound }
            try await change(transaction, definitions)
            return definitions
        }
    }

    /// How the selected definitions are locked, and what is said when there are none.
    private func locking(
        _ selection: DefinitionSelection
    ) async throws -> (Rejection, @Sendable (Transaction) async throws -> [DefinitionID]) {
        switch selection {
        case .one(.id(let id)):
            let notFound = Rejection.definitionNotFound(id: id.rawValue)
            guard DefinitionID.couldBe(id.rawValue) else { throw notFound }
            return (notFound, { try await $0.run(LockDefinitions([id])) })
        case .one(.key(let key, let tenantID)):
            let notFound = Rejection.definitionKeyNotFound(key)
            // Found outside: a transaction that holds it against deletion could not lock it while others do, too.
            guard let id = try await resolve(.key(key, tenantID: tenantID)) else { throw notFound }
            return (notFound, { try await $0.run(LockDefinitions([id])) })
        case .versions(let key, let tenantID):
            return (.definitionKeyNotFound(key), { try await $0.run(LockDefinitionsOfKey(key, tenantID: tenantID)) })
        case .allVersions(let key):
            return (
                .definitionKeyNotFound(key),
                { try await $0.run(LockDefinitionsOfKey(key, tenantID: nil, ofAnyTenant: true)) }
            )
        }
    }

    private func suspendInstances(of definition: DefinitionID, isSuspended: Bool) async throws {
        var last: Int64 = 0
        while true {
            let found = try await pool.run(
                FindInstancesToSuspend(
                    definition: definition,
                    isSuspended: isSuspended,
                    after: last,
                    limit: Self.suspensionsAtOnce
                )
            )
            guard let newest = found.last else { return }
            last = newest.sequence
            try await withThrowingTaskGroup(of: Void.self) { group in
                for instance in found {
                    group.addTask {
                        do {
                            try await self.suspendProcessInstance(
                                ProcessInstanceID(instance.id).description,
                                isSuspended: isSuspended
                            )
                        } catch Rejection.processInstanceNotFound {
                            // It has ended meanwhile.
                        }
                    }
                }
                for try await _ in group {}
            }
        }
    }
}
