/// Makes a Swift value of each row.
///
/// `RowDecoder(LockedTask.init)`: the initializer's parameters are the columns, in order.
package struct RowDecoder<Row: Sendable>: Sendable {
    /// The types that the columns should have, in order; nil when the decoder finds out while it reads.
    package let columnTypes: [PostgresType]?
    /// Reads so many rows, one after the other.
    private let decode: @Sendable (inout RowReader, _ count: Int) throws(PostgresError) -> [Row]

    /// Makes rows of as many columns as `make` has parameters.
    package init<each Column: PostgresDecodable>(_ make: @escaping @Sendable (repeat each Column) -> Row) {
        var types: [PostgresType] = []
        for type in repeat (each Column).self { types.append(type.postgresType) }
        columnTypes = types
        decode = { (reader: inout RowReader, count: Int) throws(PostgresError) -> [Row] in
            var rows: [Row] = []
            rows.reserveCapacity(count)
            for _ in 0..<count {
                rows.append(make(repeat try reader.next((each Column).self)))
                reader.endRow()
            }
            return rows
        }
    }

    /// Rows of one column.
    package init(_ type: Row.Type = Row.self) where Row: PostgresDecodable {
        self.init(columnTypes: [Row.postgresType]) { (reader: inout RowReader) throws(PostgresError) -> Row in
            try reader.next()
        }
    }

    /// Rows whose columns `read` takes one after the other; for queries whose columns are known only when they run.
    package init(reading read: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row) {
        self.init(columnTypes: nil, reading: read)
    }

    private init(
        columnTypes: [PostgresType]?,
        reading read: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
    ) {
        self.columnTypes = columnTypes
        decode = { (reader: inout RowReader, count: Int) throws(PostgresError) -> [Row] in
            var rows: [Row] = []
            rows.reserveCapacity(count)
            for _ in 0..<count {
                rows.append(try read(&reader))
                reader.endRow()
            }
            return rows
        }
    }

    /// Rows that nobody reads, if there are any.
    package static var none: RowDecoder<Void> {
        RowDecoder<Void>(reading: { (_: inout RowReader) throws(PostgresError) in })
    }

    /// Reads all rows, after a look at the number of columns.
    func rows(of result: ResultSet) throws(PostgresError) -> [Row] {
        if let expected = columnTypes?.count, expected != result.columnCount {
            throw .decoding(.wrongColumnCount(result.columnCount, expected: expected), column: nil)
        }
        guard result.rowCount > 0 else { return [] }
        var reader = RowReader(result)
        return try decode(&reader, result.rowCount)
    }
}
