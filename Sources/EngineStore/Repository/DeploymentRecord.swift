package import EngineCore
package import Postgres

/// A deployment as its row holds it.
package struct DeploymentRecord: Sendable, Hashable {
    package var id: DeploymentID
    package var name: String?
    /// What made the deployment, in its own words.
    package var source: String?
    /// When the database wrote it.
    package var deployTime: PostgresTimestamp
    package var tenantID: String?

    package init(
        id: DeploymentID,
        name: String?,
        source: String?,
        deployTime: PostgresTimestamp,
        tenantID: String?
    ) {
        self.id = id
        self.name = name
        self.source = source
        self.deployTime = deployTime
        self.tenantID = tenantID
    }
}
