package import EngineCore
package import Postgres

/// Deletes definitions; their deployments keep their resources, and history the tenant.
package struct DeleteDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        with remembered as (
            insert into deleted_definition (id, tenant_id)
            select id, tenant_id
            from process_definition as definition
            where id = any ($1) and tenant_id is not null
                and exists (select from history_process_instance where definition_id = definition.id)
        )
        delete from process_definition
        where id = any ($1)
        """

    package static let parameters = ParameterEncoder(\Self.definitions)

    package init(_ definitions: [DefinitionID]) { self.definitions = definitions }
}
