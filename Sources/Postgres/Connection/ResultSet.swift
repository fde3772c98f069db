import CLibpq

/// What the database answered to one statement: owns libpq's result.
final class ResultSet {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes over a result of libpq.
    init(_ result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
    }

    deinit { PQclear(result) }

    var status: ExecStatusType { PQresultStatus(result) }

    /// The number of rows that the statement inserted, updated, deleted or returned.
    var affected: Int {
        // Only digits, or nothing.
        guard var digit = PQcmdTuples(result) else { return 0 }
        var number = 0
        while digit.pointee != 0 {
            number = number &* 10 &+ Int(digit.pointee) &- 48
            digit += 1
        }
        return number
    }

    /// What the database calls what it did: `UPDATE 3`, `COMMIT`.
    var command: String { String(cString: PQcmdStatus(result)) }

    /// The type of a column; `column` must be one of the columns.
    func type(column: Int) -> PostgresType { PostgresType(rawValue: PQftype(result, Int32(column))) }

    /// The name of a column; nil when there is no such column.
    func name(column: Int) -> String? { PQfname(result, Int32(clamping: column)).map { String(cString: $0) } }

    /// The bytes of one field, valid as long as this object; nil for null.
    ///
    /// `row` and `column` must exist.
    func bytes(row: Int, column: Int) -> UnsafeRawBufferPointer? {
        let (row, column) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
        let length = Int(PQgetlength(result, row, column))
        // A null has no length either.
        guard length > 0 || PQgetisnull(result, row, column) == 0 else { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
    }

    /// What the database says about a statement, when this is the answer to that question.
    var description: StatementDescription {
        StatementDescription(
            parameters: (0..<PQnparams(result)).map { PostgresType(rawValue: PQparamtype(result, $0)) },
            columns: (0..<columnCount).map(type(column:)),
            columnNames: (0..<columnCount).map { name(column: $0) ?? "" }
        )
    }

    /// What the database says went wrong, when this is an error.
    func error(statement: String?) -> PostgresError {
        let state = SQLState(rawValue: field("C") ?? "")
        var error = PostgresError(
            state.rawValue.isEmpty ? .connection : .server(state),
            statement: statement,
            message: field("M") ?? String(cString: PQresultErrorMessage(result))
        )
        error.detail = field("D")
        error.hint = field("H")
        error.constraint = field("n")
        error.table = field("t")
        error.column = field("c")
        error.routine = field("R")
        error.endsSession = ["FATAL", "PANIC"].contains(field("V"))
        return error
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}
