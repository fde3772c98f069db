package import EngineCore
package import FoundationEssentials
package import Postgres

/// Writes one file of a deployment.
package struct InsertResource: Statement {
    package var id: UUID
    package var deployment: DeploymentID
    package var name: String
    package var content: [UInt8]

    package static let sql: SQLText = """
        insert into resource (id, deployment_id, name, content)
        values ($1, $2, $3, $4)
        """

    package static let parameters = ParameterEncoder(\Self.id, \.deployment, \.name, \.content)

    package init(id: UUID, deployment: DeploymentID, name: String, content: [UInt8]) {
        self.id = id
        self.deployment = deployment
        self.name = name
        self.content = content
    }
}
