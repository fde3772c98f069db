package import EngineCore
package import Postgres

/// Deletes definitions; their deployments keep their resources.
package struct DeleteDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        delete from process_definition
        where id = any ($1)
        """

    package static let parameters = ParameterEncoder(\Self.definitions)

    package init(_ definitions: [DefinitionID]) { self.definitions = definitions }
}
