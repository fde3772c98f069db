package import Postgres

/// Finds the newest resource of each name among the deployments of one name and tenant.
///
/// A deployment may hold only what had changed, so the newest resources can stand in several deployments.
package struct FindLatestResources: Statement {
    package var deploymentName: String?
    package var tenantID: String?
    /// Only deployments with this source; nil: whatever their source.
    package var source: String?
    package var resourceNames: [String]

    package static let sql: SQLText = """
        select distinct on (resource.name) resource.name, resource.content
        from deployment
        join resource on resource.deployment_id = deployment.id
        where deployment.name is not distinct from $1
            and deployment.tenant_id is not distinct from $2
            and ($3::text is null or deployment.source = $3)
            and resource.name = any ($4)
        order by resource.name, deployment.deploy_time desc, deployment.id
        """

    package static let parameters = ParameterEncoder(\Self.deploymentName, \.tenantID, \.source, \.resourceNames)
    package static let rows = RowDecoder { (name: String, content: [UInt8]) in (name: name, content: content) }

    package init(deploymentName: String?, tenantID: String?, source: String?, resourceNames: [String]) {
        self.deploymentName = deploymentName
        self.tenantID = tenantID
        self.source = source
        self.resourceNames = resourceNames
    }
}
