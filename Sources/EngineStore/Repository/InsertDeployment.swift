package import EngineCore
package import Postgres

/// Writes a deployment; the database says when.
package struct InsertDeployment: Statement {
    package var id: DeploymentID
    package var name: String?
    package var source: String?
    package var tenantID: String?

    package static let sql: SQLText = """
        insert into deployment (id, name, source, tenant_id)
        values ($1, $2, $3, $4)
        returning deploy_time
        """

    package static let parameters = ParameterEncoder(\Self.id, \.name, \.source, \.tenantID)
    package static let rows = RowDecoder(PostgresTimestamp.self)

    package init(id: DeploymentID, name: String?, source: String?, tenantID: String?) {
        self.id = id
        self.name = name
        self.source = source
        self.tenantID = tenantID
    }
}
