import EngineCore
package import Postgres

/// Finds the newest deployment of a name and tenant.
package struct FindLatestDeployment: Statement {
    package var name: String?
    package var tenantID: String?
    /// Only deployments with this source; nil: whatever their source.
    package var source: String?

    package static let sql: SQLText = """
        select id, name, source, deploy_time, tenant_id
        from deployment
        where name is not distinct from $1
            and tenant_id is not distinct from $2
            and ($3::text is null or source = $3)
        order by deploy_time desc, id
        limit 1
        """

    package static let parameters = ParameterEncoder(\Self.name, \.tenantID, \.source)
    package static let rows = RowDecoder {
        (id: DeploymentID, name: String?, source: String?, deployTime: PostgresTimestamp, tenantID: String?) in
        DeploymentRecord(id: id, name: name, source: source, deployTime: deployTime, tenantID: tenantID)
    }

    package init(name: String?, tenantID: String?, source: String?) {
        self.name = name
        self.tenantID = tenantID
        self.source = source
    }
}
