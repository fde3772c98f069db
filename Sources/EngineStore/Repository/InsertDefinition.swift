package import BPMN
package import EngineCore
package import FoundationEssentials
package import Postgres

/// Writes a process definition as the next version of its key and tenant, and tells the id and version it got.
///
/// The deployments of the tenant must be locked, so that no other node counts the same version.
package struct InsertDefinition: Statement {
    /// The last part of the definition's id, or all of it where the whole would exceed 64 characters.
    package var uuid: UUID
    package var deployment: DeploymentID
    package var resourceName: String
    package var tenantID: String?
    package var definition: ProcessDefinition

    package static let sql: SQLText = """
        with next as (
            select coalesce(max(version), 0) + 1 as version
            from process_definition
            where key = $1 and coalesce(tenant_id, '') = coalesce($2, '')
        ), named as (
            select version, $1 || ':' || version || ':' || $3::uuid as id
            from next
        )
        insert into process_definition (
            id, key, version, version_tag, name, category, description, deployment_id, resource_name, tenant_id,
            history_time_to_live_days, startable_in_tasklist
        )
        select
            case when char_length(id) <= 64 then id else $3::text end, $1, version, $4, $5, $6, $7, $8, $9, $2, $10, $11
        from named
        returning id, version
        """

    package static let parameters = ParameterEncoder(
        \Self.definition.key,
        \.tenantID,
        \.uuid,
        \.definition.versionTag,
        \.definition.name,
        \.definition.category,
        \.definition.documentation,
        \.deployment,
        \.resourceName,
        \.timeToLive,
        \.definition.isStartableInTasklist
    )
    package static let rows = RowDecoder { (id: DefinitionID, version: Int32) in (id: id, version: version) }

    package init(
        uuid: UUID,
        deployment: DeploymentID,
        resourceName: String,
        tenantID: String?,
        definition: ProcessDefinition
    ) {
        self.uuid = uuid
        self.deployment = deployment
        self.resourceName = resourceName
        self.tenantID = tenantID
        self.definition = definition
    }

    private var timeToLive: Int32? { definition.historyTimeToLiveDays.map(Int32.init(clamping:)) }
}
