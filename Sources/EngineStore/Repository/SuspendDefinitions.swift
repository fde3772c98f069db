package import EngineCore
package import Postgres

/// Keeps instances of definitions from being started, or lets them be started again.
///
/// The definitions must be locked, or a start that is under way would not know.
package struct SuspendDefinitions: Statement {
    package var definitions: [DefinitionID]
    package var isSuspended: Bool

    package static let sql: SQLText = """
        update process_definition
        set suspended = $2
        where id = any ($1) and suspended <> $2
        """

    package static let parameters = ParameterEncoder(\Self.definitions, \.isSuspended)

    package init(_ definitions: [DefinitionID], isSuspended: Bool) {
        self.definitions = definitions
        self.isSuspended = isSuspended
    }
}
