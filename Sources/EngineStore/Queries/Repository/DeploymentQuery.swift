package import EngineCore
package import Expressions
package import FoundationEssentials
package import Postgres

/// Deployments.
package struct DeploymentQuery: ListQuery {
    package var deploymentID: String?
    package var deploymentName: String?
    package var deploymentNameLike: String?
    package var source: String?
    package var withoutSource = false
    package var tenants = TenantFilter()
    package var deployedBefore: Instant?
    package var deployedAfter: Instant?
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case id, name, deploymentTime, tenantId

        package var column: StaticString {
            switch self {
            case .id: "n.id"
            case .name: "n.name"
            case .deploymentTime: "n.deploy_time"
            case .tenantId: "n.tenant_id"
            }
        }
    }

    package static let name: StaticString = "deployments"
    package static let defaultOrder: StaticString = "n.deploy_time, n.id"
    package static let columns: StaticString = "n.id, n.name, n.source, n.deploy_time, n.tenant_id"
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try DeploymentRecord(
            id: row.next(),
            name: row.next(),
            source: row.next(),
            deployTime: row.next(),
            tenantID: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) { query.append(" from deployment n") }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("n.id", id: deploymentID)
        rows.equal("n.name", deploymentName)
        rows.like("n.name", deploymentNameLike)
        rows.equal("n.source", source)
        rows.add("n.source is null", if: withoutSource)
        rows.tenant("n.tenant_id", tenants)
        rows.before("n.deploy_time", deployedBefore)
        rows.after("n.deploy_time", deployedAfter)
    }
}

/// A file of a deployment, without its content.
package struct ResourceView: Sendable {
    package var id: UUID
    package var name: String
    package var deploymentID: DeploymentID
}

/// Reads the files of a deployment, by name.
package struct ReadResources: Statement {
    package var deployment: DeploymentID

    package static let sql: SQLText = """
        select id, name, deployment_id
        from resource
        where deployment_id = $1
        order by name
        """
    package static let parameters = ParameterEncoder(\Self.deployment)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try ResourceView(id: row.next(), name: row.next(), deploymentID: row.next())
    })

    package init(of deployment: DeploymentID) { self.deployment = deployment }
}

/// Reads the content of one file of a deployment, with its name.
package struct ReadResourceContent: Statement {
    package var deployment: DeploymentID
    package var resource: UUID

    package static let sql: SQLText = """
        select name, content
        from resource
        where deployment_id = $1 and id = $2
        """
    package static let parameters = ParameterEncoder(\Self.deployment, \.resource)
    package static let rows = RowDecoder { (name: String, content: [UInt8]) in (name: name, content: content) }

    package init(of deployment: DeploymentID, resource: UUID) {
        self.deployment = deployment
        self.resource = resource
    }
}
