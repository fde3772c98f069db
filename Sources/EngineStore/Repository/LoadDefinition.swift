package import EngineCore
package import Postgres

/// Loads a process definition with the model that it was read from.
package struct LoadDefinition: Statement {
    package var id: DefinitionID

    package static let sql: SQLText = """
        select
            definition.id, definition.key, definition.version, definition.version_tag, definition.name,
            definition.category, definition.description, definition.deployment_id, definition.resource_name,
            definition.tenant_id, definition.suspended, definition.history_time_to_live_days,
            definition.startable_in_tasklist, resource.content
        from process_definition as definition
        join resource
            on resource.deployment_id = definition.deployment_id and resource.name = definition.resource_name
        where definition.id = $1
        """

    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder {
        (
            id: DefinitionID,
            key: String,
            version: Int32,
            versionTag: String?,
            name: String?,
            category: String?,
            description: String?,
            deployment: DeploymentID,
            resource: String,
            tenant: String?,
            suspended: Bool,
            timeToLive: Int32?,
            startable: Bool,
            content: [UInt8]
        ) in
        (
            record: DefinitionRecord(
                id: id,
                key: key,
                version: version,
                versionTag: versionTag,
                name: name,
                category: category,
                description: description,
                deploymentID: deployment,
                resourceName: resource,
                tenantID: tenant,
                isSuspended: suspended,
                historyTimeToLiveDays: timeToLive,
                isStartableInTasklist: startable
            ),
            content: content
        )
    }

    package init(id: DefinitionID) { self.id = id }
}
