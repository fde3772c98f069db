package import Postgres

/// Makes the deployments of one tenant (or of none) take turns on all nodes, until the transaction ends.
///
/// The next version of a key, and what a deployment is compared with, then stand still. It only locks: later statements
/// see what the one before wrote. Locks of this kind belong to a database, so the schema is part of what is locked.
package struct LockDeploymentsOfTenant: Statement {
    package var tenantID: String?

    package static let sql: SQLText = """
        select \(lock("$1::text"))
        """

    /// Takes the lock of a tenant, given its id or null.
    static func lock(_ tenant: SQLText) -> SQLText {
        """
        pg_advisory_xact_lock(
            hashtextextended('deployments in ' || current_schema() || ' of tenant ' || coalesce(\(tenant), ''), 0)
        )
        """
    }

    package static let parameters = ParameterEncoder(\Self.tenantID)

    package init(tenantID: String?) { self.tenantID = tenantID }
}
