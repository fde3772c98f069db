/// Makes a Swift value of each row.
///
/// `RowDecoder(LockedTask.init)`: the initializer's parameters are the columns, in order.
package struct RowDecoder<Row: Sendable>: Sendable {
    /// The types that the columns should have, in order; nil when the decoder finds out while it reads.
    package let columnTypes: [PostgresType]?
    private let decode: @Sendable (inout RowReader) throws(PostgresError) -> Row

    /// Makes rows of as many columns as `make` has parameters.
    package init<each Column: PostgresDecodable>(_ make: @escaping @Sendable (repeat each Column) -> Row) {
        var types: [PostgresType] = []
        for type in repeat (each Column).self { types.append(type.postgresType) }
        columnTypes = types
        decode = { (reader: inout RowReader) throws(PostgresError) -> Row in
            make(repeat try reader.next((each Column).self))
        }
    }

    /// Rows of one column.
    package init(_ type: Row.Type = Row.self) where Row: PostgresDecodable {
        columnTypes = [Row.postgresType]
        decode = { (reader: inout RowReader) throws(PostgresError) -> Row in try reader.next() }
    }

    /// Rows whose columns `read` takes one after the other; for queries whose columns are known only when they run.
    package init(reading read: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row) {
        columnTypes = nil
        decode = read
    }

    /// Rows that nobody reads, if there are any.
    package static var none: RowDecoder<Void> {
        RowDecoder<Void>(reading: { (_: inout RowReader) throws(PostgresError) in })
    }

    /// Reads one row.
    package func row(from reader: inout RowReader) throws(PostgresError) -> Row { try decode(&reader) }

    /// Reads all rows, after a look at the number of columns.
    func rows(of result: ResultSet, statement: String) throws(PostgresError) -> [Row] {
        if let expected = columnTypes?.count, expected != result.columnCount {
            throw .decoding(
                .wrongColumnCount(result.columnCount, expected: expected),
                statement: statement,
                column: nil
            )
        }
        var rows: [Row] = []
        rows.reserveCapacity(result.rowCount)
        for row in 0..<result.rowCount {
            var reader = RowReader(result, row: row, statement: statement)
            rows.append(try decode(&reader))
        }
        return rows
    }
}
