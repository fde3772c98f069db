package import EngineCore
package import Expressions
package import Postgres

/// Deployed process definitions.
package struct DefinitionQuery: ListQuery {
    package var definitionID: String?
    package var definitionIDIn: [String]?
    package var definitionName: String?
    package var definitionNameLike: String?
    package var deploymentID: String?
    package var deployedAfter: Instant?
    package var deployedAt: Instant?
    package var key: String?
    package var keyIn: [String]?
    package var keyLike: String?
    package var category: String?
    package var categoryLike: String?
    package var version: Int64?
    /// Only the newest version of each key and tenant.
    package var isLatestVersion = false
    package var resourceName: String?
    package var resourceNameLike: String?
    package var isActive = false
    package var isSuspended = false
    package var incidents = IncidentFilter()
    package var tenants = TenantFilter()
    package var versionTag: String?
    package var versionTagLike: String?
    package var withoutVersionTag = false
    package var isStartableInTasklist = false
    package var isNotStartableInTasklist = false
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case category, key, id, name, version, deploymentId, deployTime, tenantId, versionTag

        package var column: StaticString {
            switch self {
            case .category: "d.category"
            case .key: "d.key"
            case .id: "d.id"
            case .name: "d.name"
            case .version: "d.version"
            case .deploymentId: "d.deployment_id"
            case .deployTime: "n.deploy_time"
            case .tenantId: "d.tenant_id"
            case .versionTag: "d.version_tag"
            }
        }
    }

    package static let name: StaticString = "process definitions"
    package static let defaultOrder: StaticString = "n.deploy_time, d.key, d.version, d.id"
    package static let columns: StaticString = """
        d.id, d.key, d.version, d.version_tag, d.name, d.category, d.description, d.deployment_id, d.resource_name,
        d.tenant_id, d.suspended, d.history_time_to_live_days, d.startable_in_tasklist
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try DefinitionRecord(
            id: row.next(),
            key: row.next(),
            version: row.next(),
            versionTag: row.next(),
            name: row.next(),
            category: row.next(),
            description: row.next(),
            deploymentID: row.next(),
            resourceName: row.next(),
            tenantID: row.next(),
            isSuspended: row.next(),
            historyTimeToLiveDays: row.next(),
            isStartableInTasklist: row.next()
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(" from process_definition d join deployment n on n.id = d.deployment_id")
    }

    package func restrict(_ rows: inout Conditions) {
        rows.equal("d.id", definitionID)
        rows.any("d.id", definitionIDIn)
        rows.equal("d.name", definitionName)
        rows.like("d.name", definitionNameLike)
        rows.equal("d.deployment_id", id: deploymentID)
        rows.after("n.deploy_time", deployedAfter)
        rows.at("n.deploy_time", deployedAt)
        rows.equal("d.key", key)
        rows.any("d.key", keyIn)
        rows.like("d.key", keyLike)
        rows.equal("d.category", category)
        rows.like("d.category", categoryLike)
        rows.add("d.version = ", version)
        rows.equal("d.resource_name", resourceName)
        rows.like("d.resource_name", resourceNameLike)
        rows.add("d.suspended", if: isSuspended)
        rows.add("not d.suspended", if: isActive && !isSuspended)
        rows.incidents(incidents, "select from incident i where i.definition_id = d.id")
        rows.tenant("d.tenant_id", tenants)
        rows.equal("d.version_tag", versionTag)
        rows.like("d.version_tag", versionTagLike)
        rows.add("d.version_tag is null", if: withoutVersionTag)
        rows.add("d.startable_in_tasklist", if: isStartableInTasklist)
        rows.add("not d.startable_in_tasklist", if: isNotStartableInTasklist)
        rows.add(
            """
            not exists (
                select
                from process_definition o
                where o.key = d.key and coalesce(o.tenant_id, '') = coalesce(d.tenant_id, '') and o.version > d.version
            )
            """,
            if: isLatestVersion
        )
    }
}

/// Reads the model that a definition was read from; no row when there is no such definition.
package struct ReadModel: Statement {
    package var definition: DefinitionID

    package static let sql: SQLText = """
        select r.content
        from process_definition d
        join resource r on r.deployment_id = d.deployment_id and r.name = d.resource_name
        where d.id = $1
        """
    package static let parameters = ParameterEncoder(\Self.definition)
    package static let rows = RowDecoder([UInt8].self)

    package init(of definition: DefinitionID) { self.definition = definition }
}
