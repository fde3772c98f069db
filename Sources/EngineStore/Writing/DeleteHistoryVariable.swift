package import EngineCore
import FoundationEssentials
package import Postgres

/// Deletes the history of a variable that is no longer there.
///
/// One row says what came of it.
package struct DeleteHistoryVariable: Statement {
    private let id: UUID

    package init(_ id: VariableID) { self.id = id.rawValue }

    /// What came of it.
    package enum Outcome: Sendable, Hashable {
        case deleted
        /// The variable is still there, and its history with it.
        case stillThere
        case missing
    }

    package static let sql: SQLText = """
        with deleted as (
            delete from history_variable
            where id = $1
            returning id
        )
        select exists (select from deleted), exists (select from variable where id = $1)
        """
    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder { (isDeleted: Bool, isThere: Bool) -> Outcome in
        isDeleted ? .deleted : isThere ? .stillThere : .missing
    }
}
