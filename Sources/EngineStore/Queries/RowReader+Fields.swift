import EngineCore
import Expressions
import FoundationEssentials
import Postgres

extension RowReader {
    /// Reads an identifier.
    mutating func id<ID: Identifier>(_ type: ID.Type = ID.self) throws(PostgresError) -> ID {
        ID(try next(UUID.self))
    }

    /// Reads an identifier that may be missing.
    mutating func idIfAny<ID: Identifier>(_ type: ID.Type = ID.self) throws(PostgresError) -> ID? {
        try next(UUID?.self).map { ID($0) }
    }

    /// Reads a moment, cut to whole milliseconds.
    mutating func moment() throws(PostgresError) -> Instant { Instant(try next(PostgresTimestamp.self)) }

    /// Reads a moment that may be missing.
    mutating func momentIfAny() throws(PostgresError) -> Instant? {
        try next(PostgresTimestamp?.self).map { Instant($0) }
    }

    /// Reads the ten columns of a variable's value, in the order of ``VariableColumns``.
    mutating func variableColumns() throws(PostgresError) -> VariableColumns {
        VariableColumns(
            type: try next(),
            text: try next(),
            long: try next(),
            double: try next(),
            data: try next(),
            objectType: try next(),
            format: try next(),
            fileName: try next(),
            mimeType: try next(),
            encoding: try next()
        )
    }
}
