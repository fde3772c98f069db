/// Reads the columns of one row, in order.
///
/// Valid only during the call that it was handed to.
package struct RowReader {
    private let result: ResultSet
    private var row = 0
    private var column = 0

    /// A reader of the result's first row.
    init(_ result: ResultSet) { self.result = result }

    /// Goes on to the beginning of the next row.
    mutating func endRow() {
        row += 1
        column = 0
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
        let column = column
        self.column += 1
        do throws(DecodingProblem) {
            guard column < result.columnCount else {
                throw .wrongColumnCount(result.columnCount, expected: column + 1)
            }
            return try Value.decodeField(result.bytes(row: row, column: column), type: result.type(column: column))
        } catch {
            throw .decoding(error, column: result.name(column: column))
        }
    }
}

extension PostgresError {
    /// A row that is not what it should be; whoever knows the statement adds its name.
    static func decoding(_ problem: DecodingProblem, column: String?) -> PostgresError {
        var error = PostgresError(.decoding(problem), message: "\(problem)")
        error.column = column
        return error
    }
}
