package import EngineCore
package import FoundationEssentials
package import Postgres

/// Finds instances of a definition that ended, some at a time, in the order they ended.
package struct FindEndedInstances: Statement {
    package var definition: DefinitionID
    /// Only instances after this one; the sequence number of the last one found, or 0.
    package var after: Int64
    /// The most instances to find.
    package var limit: Int

    package static let sql: SQLText = """
        select id, sequence
        from history_process_instance
        where definition_id = $1 and sequence > $2
        order by sequence
        limit $3
        """

    package static let parameters = ParameterEncoder(\Self.definition, \.after, \.limit)
    package static let rows = RowDecoder { (id: UUID, sequence: Int64) in (id: id, sequence: sequence) }

    package init(definition: DefinitionID, after: Int64, limit: Int) {
        self.definition = definition
        self.after = after
        self.limit = limit
    }
}
