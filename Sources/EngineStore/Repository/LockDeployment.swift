package import EngineCore
package import Postgres

/// Locks a deployment against another deletion of it; no row when there is none.
package struct LockDeployment: Statement {
    package var id: DeploymentID

    package static let sql: SQLText = """
        select id
        from deployment
        where id = $1
        for update
        """

    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder(DeploymentID.self)

    package init(id: DeploymentID) { self.id = id }
}
