package import EngineCore
package import Postgres

/// Says which of these definitions have instances that run.
package struct FindRunningDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        select definition.id
        from unnest($1::text[]) as definition (id)
        where exists (select from process_instance where definition_id = definition.id)
        order by definition.id
        """

    package static let parameters = ParameterEncoder(\Self.definitions)
    package static let rows = RowDecoder(DefinitionID.self)

    package init(definitions: [DefinitionID]) { self.definitions = definitions }
}
