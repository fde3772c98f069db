import FoundationEssentials
import Postgres

/// Reads what a worker is told of the process instances of its tasks.
struct InstancesOfTasks: Statement {
    var instances: [UUID]

    struct Instance: Sendable {
        var id: UUID
        var businessKey: String?
        var versionTag: String?
        var tenantID: String?
    }

    static let sql: SQLText = """
        select instance.id, instance.business_key, definition.version_tag, definition.tenant_id
        from unnest($1) as wanted (id)
        join process_instance as instance on instance.id = wanted.id
        join process_definition as definition on definition.id = instance.definition_id
        """

    static let parameters = ParameterEncoder(\Self.instances)
    static let rows = RowDecoder(Instance.init)
}
