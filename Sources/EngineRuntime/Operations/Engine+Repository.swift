package import EngineCore
import EngineStore
import Logging
import Postgres

extension Engine {
    /// Deploys models and other files: all of them or, when one has a problem, none.
    ///
    /// Each executable process becomes the next version of its key and tenant. The deployments of one tenant take turns
    /// on all nodes; what was deployed is used by every node from the moment that this returns.
    ///
    /// See the REST reference, *Create deployment*.
    /// - Throws: ``Rejection``: `.emptyDeployment`, `.modelInvalid`, `.modelUnreadable`, `.duplicateProcessKey`, or
    ///   `.valueTooLong` and `.invalid` for a name.
    package func deploy(_ deployment: NewDeployment) async throws -> DeploymentResult {
        let deployment = try deployment.checked()
        let models = try DeploymentModels(deployment.resources).models
        let outcome = try await pool.transaction { transaction in
            try await DeploymentWriter(deployment: deployment, models: models, transaction: transaction).write()
        }
        for definition in outcome.definitions { definitions.insert(definition) }
        if outcome.isNew {
            logger.info(
                "Deployment created",
                metadata: ["deployment": "\(outcome.record.id)", "definitions": "\(outcome.definitions.count)"]
            )
        }
        return DeploymentResult(
            outcome.record,
            deployedDefinitions: outcome.definitions.map(\.record),
            isNew: outcome.isNew
        )
    }

    /// The definition that a reference stands for at this moment; nil when there is none.
    package func resolve(_ definition: DefinitionReference) async throws -> DefinitionID? {
        try await pool.run(ResolveDefinitions([definition])).first?.id
    }

    /// Deletes a deployment with its resources and definitions.
    ///
    /// With `cascade`, what runs of its definitions is deleted as well, without listeners or mappings, and so is their
    /// history. Without, the deletion is refused while instances run, and history stays.
    ///
    /// See the REST reference, *Delete deployment*.
    /// - Throws: ``Rejection``: `.deploymentNotFound`, `.invalid` when instances run.
    package func deleteDeployment(_ id: String, cascade: Bool) async throws {
        guard let deployment = DeploymentID(id) else { throw Rejection.deploymentNotFound(id) }
        let deleted = try await pool.transaction { transaction in
            try await DeploymentDeletion(id: deployment, transaction: transaction).delete(cascade: cascade)
        }
        definitions.remove(deleted)
        logger.info("Deployment deleted", metadata: ["deployment": "\(deployment)", "cascade": "\(cascade)"])
    }
}
