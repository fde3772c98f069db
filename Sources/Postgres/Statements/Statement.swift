/// One SQL statement: its text, its parameters, its rows.
///
/// Prepared once per session.
package protocol Statement: Sendable {
    /// What a row becomes; `Void` when the statement has none.
    associatedtype Row: Sendable = Void
    /// What errors and logs call the statement; by default the type's name.
    static var name: String { get }
    /// The text, with `$1`, `$2`, … for the parameters.
    static var sql: SQLText { get }
    /// Which properties are the parameters; by default none.
    static var parameters: ParameterEncoder<Self> { get }
    /// How rows are read; by default not at all.
    static var rows: RowDecoder<Row> { get }
}

extension Statement {
    package static var name: String { String(describing: Self.self) }
    package static var parameters: ParameterEncoder<Self> { .none }
    /// The types that the parameters are declared as.
    package static var parameterTypes: [PostgresType] { parameters.types }
    /// The types that the columns should have; none for a statement without rows.
    package static var columnTypes: [PostgresType] { rows.columnTypes ?? [] }
}

extension Statement where Row == Void {
    package static var rows: RowDecoder<Void> { RowDecoder<Void>.none }
}

/// What the database says about a statement.
package struct StatementDescription: Sendable, Hashable {
    /// The types of the parameters, in order.
    package var parameters: [PostgresType]
    /// The types of the columns, in order.
    package var columns: [PostgresType]
    /// The names of the columns, in order.
    package var columnNames: [String]
}
