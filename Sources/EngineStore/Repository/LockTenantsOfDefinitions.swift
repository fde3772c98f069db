package import EngineCore
package import Postgres

/// Makes the deployments of these definitions' tenants take turns until the transaction ends, as
/// ``LockDeploymentsOfTenant``.
package struct LockTenantsOfDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        select \(LockDeploymentsOfTenant.lock("tenant_id"))
        from (
            select distinct tenant_id from process_definition where id = any ($1) order by tenant_id
        ) as tenant
        """

    package static let parameters = ParameterEncoder(\Self.definitions)

    package init(_ definitions: [DefinitionID]) { self.definitions = definitions }
}
