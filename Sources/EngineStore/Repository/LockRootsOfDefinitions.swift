package import EngineCore
package import Postgres

/// Locks the root instances of definitions, in id order, waiting for the commands that hold them; tells how many.
///
/// It only locks: an instance that ended meanwhile is gone when later statements look.
package struct LockRootsOfDefinitions: Statement {
    package var definitions: [DefinitionID]

    package static let sql: SQLText = """
        with locked as (
            select id
            from process_instance
            where definition_id = any ($1) and id = root_id
            order by id
            for update
        )
        select count(*)
        from locked
        """

    package static let parameters = ParameterEncoder(\Self.definitions)
    package static let rows = RowDecoder(Int.self)

    package init(definitions: [DefinitionID]) { self.definitions = definitions }
}
