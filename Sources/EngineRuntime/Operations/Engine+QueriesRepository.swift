import EngineCore
package import EngineStore
import FoundationEssentials
import Postgres

// Reading what is deployed.

extension Engine {
    /// Process definitions.
    package func processDefinitions(_ query: DefinitionQuery) async throws -> [DefinitionRecord] {
        try await list(query)
    }

    /// How many process definitions satisfy the conditions.
    package func processDefinitionCount(_ query: DefinitionQuery) async throws -> Int { try await count(query) }

    /// The model that a definition was read from, or nil when there is no such definition.
    package func model(ofDefinition id: String) async throws -> [UInt8]? {
        guard DefinitionID.couldBe(id) else { return nil }
        return try await pool.run(ReadModel(of: DefinitionID(id))).first
    }

    /// Deployments.
    package func deployments(_ query: DeploymentQuery) async throws -> [DeploymentRecord] { try await list(query) }

    /// How many deployments satisfy the conditions.
    package func deploymentCount(_ query: DeploymentQuery) async throws -> Int { try await count(query) }

    /// The files of a deployment by name; none when there is no such deployment.
    package func resources(ofDeployment id: String) async throws -> [ResourceView] {
        guard let deployment = DeploymentID(id) else { return [] }
        return try await pool.run(ReadResources(of: deployment))
    }

    /// The content of one file of a deployment with its name, or nil when there is no such file.
    package func resource(
        _ id: String,
        ofDeployment deploymentID: String
    ) async throws -> (name: String, content: [UInt8])? {
        guard let deployment = DeploymentID(deploymentID), let resource = UUID(text: id) else { return nil }
        return try await pool.run(ReadResourceContent(of: deployment, resource: resource)).first
    }
}
