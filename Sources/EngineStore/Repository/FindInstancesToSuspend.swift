package import EngineCore
package import FoundationEssentials
package import Postgres

/// Finds instances of a definition that are not yet suspended, or not yet active, as is wanted; some at a time, in the
/// order they were started.
package struct FindInstancesToSuspend: Statement {
    package var definition: DefinitionID
    /// What they are to become.
    package var isSuspended: Bool
    /// Only instances after this one; the sequence number of the last one found, or 0.
    package var after: Int64
    /// The most instances to find.
    package var limit: Int

    package static let sql: SQLText = """
        select id, sequence
        from process_instance
        where definition_id = $1 and suspended <> $2 and sequence > $3
        order by sequence
        limit $4
        """

    package static let parameters = ParameterEncoder(\Self.definition, \.isSuspended, \.after, \.limit)
    package static let rows = RowDecoder { (id: UUID, sequence: Int64) in (id: id, sequence: sequence) }

    package init(definition: DefinitionID, isSuspended: Bool, after: Int64, limit: Int) {
        self.definition = definition
        self.isSuspended = isSuspended
        self.after = after
        self.limit = limit
    }
}
