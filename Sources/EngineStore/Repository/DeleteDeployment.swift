package import EngineCore
package import Postgres

/// Deletes a deployment with its resources and definitions.
package struct DeleteDeployment: Statement {
    package var id: DeploymentID

    package static let sql: SQLText = """
        delete from deployment
        where id = $1
        """

    package static let parameters = ParameterEncoder(\Self.id)

    package init(id: DeploymentID) { self.id = id }
}
