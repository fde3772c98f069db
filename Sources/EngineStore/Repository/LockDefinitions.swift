package import EngineCore
package import Postgres

/// Locks definitions, so that no instance of them can be started until the transaction ends, and waits for the starts
/// that are under way; tells which of them are there.
package struct LockDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        select id
        from process_definition
        where id = any ($1)
        order by id
        for update
        """

    package static let parameters = ParameterEncoder(\Self.definitions)
    package static let rows = RowDecoder(DefinitionID.self)

    package init(_ definitions: [DefinitionID]) { self.definitions = definitions }
}
