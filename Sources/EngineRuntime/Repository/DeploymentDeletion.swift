import EngineCore
import EngineStore
import Postgres

/// Deletes one deployment in an open transaction.
struct DeploymentDeletion {
    let id: DeploymentID
    let transaction: any StatementRunner

    /// Deletes the deployment; with `cascade`, also what runs of its definitions, and their history.
    ///
    /// Locks go from the outside in: the deployment, its definitions (starts wait from then on), the root instances in
    /// id order; last the tenant, whose other deployments wait until the start events of earlier versions are back.
    /// - Returns: The definitions that are gone.
    func delete(cascade: Bool) async throws -> [DefinitionID] {
        let content = DefinitionDeletion(transaction: transaction)
        try await content.liftTimeouts()
        guard try await !transaction.run(LockDeployment(id: id)).isEmpty else {
            throw Rejection.deploymentNotFound(id.description)
        }
        let definitions = try await transaction.run(LockDefinitionsOfDeployment(deployment: id))
        if cascade {
            try await content.deleteInstances(of: definitions)
        } else if let running = try await content.firstRunning(of: definitions) {
            throw Rejection.invalid(
                message:
                    "Deployment with id '\(id)' cannot be deleted: instances of process definition '\(running)' run"
            )
        }
        try await content.delete(definitions)
        try await transaction.run(DeleteDeployment(id: id))
        return definitions
    }
}
