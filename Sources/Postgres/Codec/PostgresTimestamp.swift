/// A moment of the database (`timestamptz`): microseconds since the beginning of 1970, UTC.
///
/// `Int64.min` and `Int64.max` are the database's `-infinity` and `infinity`. Moments beyond what the database can
/// hold become one of these.
package struct PostgresTimestamp: Sendable, Hashable, Comparable {
    /// Microseconds since the beginning of 1970, UTC.
    package var microseconds: Int64

    /// The moment this many microseconds after the beginning of 1970, UTC.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// The moment this many milliseconds after the beginning of 1970, UTC; clamped.
    package init(milliseconds: Int64) {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        microseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
    }

    /// Whole milliseconds since the beginning of 1970, rounded down.
    package var milliseconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The database counts from the beginning of 2000.
    private static let databaseEpoch: Int64 = 946_684_800_000_000
    /// The first moment that the database can hold: the beginning of 4714-11-24 BC.
    private static let start: Int64 = -210_866_803_200_000_000
}

extension PostgresTimestamp: PostgresScalar {
    package static var postgresType: PostgresType { .timestamptz }
    package static var postgresArrayType: PostgresType { .timestamptzArray }

    var encodedSize: Int { 8 }

    func store(at cursor: inout FieldCursor) {
        // The end of the database's range lies beyond Int64 when counted from 1970: what fits is always below it.
        switch microseconds {
        case .max: cursor.store(Int64.max)
        case ..<Self.start: cursor.store(Int64.min)
        default: cursor.store(microseconds - Self.databaseEpoch)
        }
    }

    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> PostgresTimestamp {
        let value = try field.integer(Int64.self)
        guard value != .min else { return Self(microseconds: .min) }
        let (sum, overflow) = value.addingReportingOverflow(databaseEpoch)
        return Self(microseconds: overflow ? .max : sum)
    }
}
