import Foundation
import Postgres
import TestSupport
import Testing

/// A raw value that only some integers are.
private enum Colour: Int16, PostgresCodable, CaseIterable {
    case red = 1
    case green = 2
}

private struct Name: RawRepresentable, Hashable, PostgresCodable {
    var rawValue: String
}

@Suite(.database(.empty)) struct `A value` {
    /// Sends the values and reads what the database makes of them.
    private func roundTrip<Value: PostgresCodable & Equatable>(_ values: [Value]) async throws {
        let pool = Database.current.pool
        for value in values {
            var query = DynamicQuery("RoundTrip")
            query.append("select ", value)
            query.append(", ", Value?.none)
            query.append(", ", Value?.some(value))
            let rows = try await pool.run(query) { (row) throws(PostgresError) in
                (try row.next(Value.self), try row.next(Value?.self), try row.next(Value?.self))
            }
            #expect(rows.first?.0 == value)
            #expect(rows.first?.1 == nil)
            #expect(rows.first?.2 == value)
        }
        let withNull = values.map(Optional.some) + [nil]
        for array in [[], values] { #expect(try await echo(array) == array) }
        for array in [withNull, [nil, nil]] { #expect(try await echo(array) == array) }
        #expect(try await echo([Value]?.none) == .some(nil))
        #expect(try await echo([Value]?.some(values)) == values)
    }

    private func echo<Value: PostgresEncodable & PostgresDecodable>(_ value: Value) async throws -> Value? {
        var query = DynamicQuery("Echo")
        query.append("select ", value)
        return try await Database.current.pool.run(query, rows: RowDecoder(Value.self)).first
    }

    @Test func `of type bool comes back`() async throws { try await roundTrip([true, false]) }

    @Test func `of type int2 comes back`() async throws { try await roundTrip([0, 1, -1, Int16.min, .max]) }

    @Test func `of type int4 comes back`() async throws { try await roundTrip([0, 1, -1, Int32.min, .max]) }

    @Test func `of type int8 comes back`() async throws {
        try await roundTrip([0, 1, -1, Int64.min, .max])
        try await roundTrip([0, 1, -1, Int.min, .max])
    }

    @Test func `of type float8 comes back`() async throws {
        try await roundTrip([0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
        #expect(try await echo(Double.nan)?.isNaN == true)
    }

    @Test func `of type text comes back`() async throws {
        try await roundTrip(["", "a", "a'b\"c\\d,{}", "héllo 🙂", "NULL", String(repeating: "x", count: 100_000)])
        try await roundTrip(["ü", "日本語", "e\u{301}", "\u{fffd}", "\u{10ffff}", String(repeating: "ü", count: 50_000)])
    }

    @Test func `of type bytea comes back`() async throws {
        try await roundTrip([[], [0], Array(0...255), Array(repeating: 7, count: 100_000)] as [[UInt8]])
    }

    @Test func `of type uuid comes back`() async throws {
        try await roundTrip([UUID(), UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))])
    }

    @Test func `of type timestamptz comes back`() async throws {
        try await roundTrip(
            [0, 1, -1, 1_700_000_000_123_456, .min, .max, -210_866_803_200_000_000].map {
                PostgresTimestamp(microseconds: $0)
            }
        )
    }

    @Test func `with a raw value comes back`() async throws {
        try await roundTrip(Colour.allCases)
        try await roundTrip([Name(rawValue: ""), Name(rawValue: "ada")])
    }

    @Test(
        arguments: [
            ("select timestamptz '1970-01-01 00:00:01.000001+00'", 1_000_001),
            ("select timestamptz 'infinity'", Int64.max),
            ("select timestamptz '-infinity'", Int64.min),
            ("select timestamptz '9999-12-31 00:00:00+00'", 253_402_214_400_000_000),
            ("select timestamptz '1969-12-31 23:59:59.9999+00'", -100),
        ] as [(StaticString, Int64)]
    )
    func `that is a moment counts from 1970`(sql: StaticString, microseconds: Int64) async throws {
        let query = DynamicQuery("Moment", sql)
        let rows = try await Database.current.pool.run(query, rows: RowDecoder(PostgresTimestamp.self))
        #expect(rows.map(\.microseconds) == [microseconds])
    }

    @Test func `that is no case of its type is refused`() async throws {
        let query = DynamicQuery("Colour", "select 3::int2 as colour")
        let error = try await #require(throws: PostgresError.self) {
            try await Database.current.pool.run(query, rows: RowDecoder(Colour.self))
        }
        #expect(error.kind == .decoding(.unknownValue))
        #expect(error.statement == "Colour")
        #expect(error.column == "colour")
    }

    @Test func `of another type than the column is refused`() async throws {
        let query = DynamicQuery("Wrong", "select 1::int4")
        let error = try await #require(throws: PostgresError.self) {
            try await Database.current.pool.run(query, rows: RowDecoder(Int64.self))
        }
        #expect(error.kind == .decoding(.wrongType(.int4, expected: .int8)))
    }

    @Test func `that is null is refused unless it is optional`() async throws {
        let query = DynamicQuery("Null", "select null::text")
        let error = try await #require(throws: PostgresError.self) {
            try await Database.current.pool.run(query, rows: RowDecoder(String.self))
        }
        #expect(error.kind == .decoding(.unexpectedNull))
    }

    @Test func `of a kind whose binary form is text can be read as text`() async throws {
        let query = DynamicQuery(
            "Texts",
            "select 'a'::varchar, 'b'::name, '{}'::json, array['c']::varchar[], 'd'::char(1)"
        )
        let rows = try await Database.current.pool.run(query) { (row) throws(PostgresError) in
            [try row.next(String.self), try row.next(), try row.next()] + (try row.next([String].self))
                + [try row.next(String.self)]
        }
        #expect(rows == [["a", "b", "{}", "c", "d"]])
    }

    @Test func `of several dimensions is refused`() async throws {
        let query = DynamicQuery("Matrix", "select array[[1, 2], [3, 4]]")
        let error = try await #require(throws: PostgresError.self) {
            try await Database.current.pool.run(query, rows: RowDecoder([Int32].self))
        }
        #expect(error.kind == .decoding(.malformed))
    }

    @Test func `spreads over rows with unnest`() async throws {
        var query = DynamicQuery("Unnest")
        query.append("select id, name from unnest(", [1, 2, 3] as [Int64])
        query.append(", ", ["a", nil, "c"])
        query.append(") as t (id, name) order by id")
        let rows = try await Database.current.pool.run(query) { (row) throws(PostgresError) in
            "\(try row.next(Int64.self)) \(try row.next(String?.self) ?? "-")"
        }
        #expect(rows == ["1 a", "2 -", "3 c"])
    }

    @Test func `may be empty and alone`() async throws {
        let pool = Database.current.pool
        #expect(try await pool.run(Length(text: "")) == [0])
        #expect(try await echo([] as [UInt8]) == [])
    }

    @Test func `of many thousand elements comes back`() async throws {
        let ids = (0..<50_000).map { _ in UUID() }
        #expect(try await echo(ids) == ids)
        let names = (0..<50_000).map { $0 % 3 == 0 ? nil : "name \($0)" }
        #expect(try await echo(names) == names)
    }
}
