/// Reads the columns of one row, in order.
///
/// Valid only during the call that it was handed to.
package struct RowReader {
    private let result: ResultSet
    private let row: Int
    private var column = 0
    private let statement: String

    init(_ result: ResultSet, row: Int, statement: String) {
        self.result = result
        self.row = row
        self.statement = statement
    }

    /// The number of columns of the row.
    package var columnCount: Int { result.columnCount }

    /// Reads the next column.
    ///
    /// - Throws: A decoding error that names statement and column, when the row has no more columns, when the column
    ///   has another type, when it is null and `Value` is not optional, or when its bytes are malformed.
    package mutating func next<Value: PostgresDecodable>(
        _ type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        defer { column += 1 }
        do throws(DecodingProblem) {
            guard column < result.columnCount else {
                throw .wrongColumnCount(result.columnCount, expected: column + 1)
            }
            return try FieldReader.decode(
                result.bytes(row: row, column: column),
                type: result.type(column: column),
                as: Value.self
            )
        } catch {
            throw .decoding(error, statement: statement, column: result.name(column: column))
        }
    }
}

extension PostgresError {
    static func decoding(_ problem: DecodingProblem, statement: String, column: String?) -> PostgresError {
        var error = PostgresError(.decoding(problem), statement: statement, message: "\(problem)")
        error.column = column
        return error
    }
}
