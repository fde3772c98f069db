package import EngineCore
package import Postgres

/// Locks the definitions of a deployment, so that no instance of them can be started until the transaction ends.
package struct LockDefinitionsOfDeployment: Statement {
    package var deployment: DeploymentID

    package static let sql: SQLText = """
        select id
        from process_definition
        where deployment_id = $1
        order by id
        for update
        """

    package static let parameters = ParameterEncoder(\Self.deployment)
    package static let rows = RowDecoder(DefinitionID.self)

    package init(deployment: DeploymentID) { self.deployment = deployment }
}
