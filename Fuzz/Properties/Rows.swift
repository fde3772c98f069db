import CLibpq

@testable import Postgres

/// A row as the database sends it, in a form that is easily invented.
///
/// Each column is a byte for its type, one for the length of its field (255 is null), and the field's bytes. Every field
/// is read as its type or refused, and what was read can be sent and read again.
enum Rows {
    static func check(_ input: [UInt8]) throws(Violation) {
        let columns = columns(of: input)
        guard !columns.isEmpty, let result = result(of: columns) else { return }
        let set = ResultSet(result)
        try expect(set.columnCount == columns.count && set.rowCount == 1, "A row has its columns")
        for (index, column) in columns.enumerated() {
            let bytes = set.bytes(row: 0, column: index)
            try expect(bytes.map(Array.init) == column.bytes, "A field has its bytes")
            try column.kind.check(bytes, set.type(column: index))
        }
        try checkReading(set)
    }

    /// Reads the row column by column, as decoders do.
    private static func checkReading(_ set: ResultSet) throws(Violation) {
        let decoder = RowDecoder<Int>(reading: { (reader: inout RowReader) throws(PostgresError) -> Int in
            for _ in 0..<reader.columnCount { _ = try reader.next(String?.self) }
            return reader.columnCount
        })
        switch Result(catching: { () throws(PostgresError) in try decoder.rows(of: set) }) {
        case .success(let rows): try expect(rows == [set.columnCount], "One row is read")
        case .failure(let error):
            guard case .decoding = error.kind else { throw Violation("\(error) is about a field") }
        }
        let tooMany = RowDecoder<Int>(reading: { (reader: inout RowReader) throws(PostgresError) -> Int in
            for _ in 0...reader.columnCount { _ = try reader.next(FieldOfAnyType?.self) }
            return reader.columnCount
        })
        try expect((try? tooMany.rows(of: set)) == nil, "No more columns are read than there are")
    }
}

/// A column and the bytes of its field; nil for null.
private struct Column {
    var kind: any FieldKind
    var bytes: [UInt8]?
}

extension Rows {
    private static let maximumColumns = 20

    private static func columns(of input: [UInt8]) -> [Column] {
        var columns: [Column] = []
        var rest = input[...]
        while let kind = rest.popFirst(), let length = rest.popFirst(), columns.count < maximumColumns {
            let bytes = length == 255 ? nil : Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(bytes?.count ?? 0)
            columns.append(Column(kind: kinds[Int(kind) % kinds.count], bytes: bytes))
        }
        return columns
    }

    /// The row as libpq holds it.
    private static func result(of columns: [Column]) -> OpaquePointer? {
        let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK)
        var attributes = columns.map { column in
            PGresAttDesc(
                name: nil,
                tableid: 0,
                columnid: 0,
                format: 1,
                typid: column.kind.type.rawValue,
                typlen: -1,
                atttypmod: -1
            )
        }
        let isMade = "column".withCString { name in
            let name = UnsafeMutablePointer(mutating: name)
            for index in attributes.indices { attributes[index].name = name }
            return PQsetResultAttrs(result, Int32(columns.count), &attributes) != 0
        }
        guard isMade else { return nil }
        for (index, column) in columns.enumerated() {
            let length = column.bytes.map { Int32($0.count) } ?? -1
            let isSet = (column.bytes ?? []).withUnsafeBytes { bytes in
                let value = bytes.bindMemory(to: CChar.self).baseAddress.map { UnsafeMutablePointer(mutating: $0) }
                return PQsetvalue(result, 0, Int32(index), value, length) != 0
            }
            guard isSet else { return nil }
        }
        return result
    }
}
