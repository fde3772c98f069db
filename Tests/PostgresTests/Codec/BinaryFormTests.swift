import Foundation
@testable import Postgres
import Testing

private struct Label: RawRepresentable, Hashable, PostgresCodable {
    var rawValue: String
}

@Suite struct `The binary form` {
    private func bytes(_ value: some PostgresEncodable) -> [UInt8] {
        var writer = FieldWriter()
        value.encode(into: &writer)
        return writer.bytes
    }

    /// What stands before the elements of an array: dimensions, nulls, type, count, first index.
    private func header(_ type: PostgresType, count: UInt8, hasNulls: Bool = false) -> [UInt8] {
        let oid = withUnsafeBytes(of: type.rawValue.bigEndian) { Array($0) }
        return [0, 0, 0, 1, 0, 0, 0, hasNulls ? 1 : 0] + oid + [0, 0, 0, count, 0, 0, 0, 1]
    }

    @Test func `of a scalar is in network byte order`() {
        #expect(bytes(true) == [1])
        #expect(bytes(Int16(-2)) == [0xff, 0xfe])
        #expect(bytes(Int32(258)) == [0, 0, 1, 2])
        #expect(bytes(Int64(258)) == [0, 0, 0, 0, 0, 0, 1, 2])
        #expect(bytes(258) == [0, 0, 0, 0, 0, 0, 1, 2])
        #expect(bytes(1.0) == [0x3f, 0xf0, 0, 0, 0, 0, 0, 0])
        #expect(bytes("é") == [0xc3, 0xa9])
        #expect(bytes([1, 2, 3] as [UInt8]) == [1, 2, 3])
        #expect(bytes(Label(rawValue: "a")) == [97])
        #expect(bytes(PostgresTimestamp(microseconds: 946_684_800_000_001)) == [0, 0, 0, 0, 0, 0, 0, 1])
        let uuid = UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
        #expect(bytes(uuid) == Array(0...15))
    }

    @Test func `of an array has each element behind its length`() {
        #expect(bytes([true]) == header(.bool, count: 1) + [0, 0, 0, 1, 1])
        #expect(bytes([Int32(1), 2]) == header(.int4, count: 2) + [0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2])
        #expect(bytes(["", "ab"]) == header(.text, count: 2) + [0, 0, 0, 0, 0, 0, 0, 2, 97, 98])
        #expect(bytes([[], [7]] as [[UInt8]]) == header(.bytea, count: 2) + [0, 0, 0, 0, 0, 0, 0, 1, 7])
        #expect(bytes([Label(rawValue: "a")]) == header(.text, count: 1) + [0, 0, 0, 1, 97])
    }

    @Test func `of an array says whether there are nulls, which have no bytes`() {
        let null: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        #expect(bytes([nil, "a"]) == header(.text, count: 2, hasNulls: true) + null + [0, 0, 0, 1, 97])
        #expect(
            bytes([Int16(1), nil] as [Int16?]) == header(.int2, count: 2, hasNulls: true) + [0, 0, 0, 2, 0, 1] + null
        )
        #expect(
            bytes([Label(rawValue: "a"), nil]) == header(.text, count: 2, hasNulls: true) + [0, 0, 0, 1, 97] + null
        )
        #expect(bytes(["a"] as [String?]) == header(.text, count: 1) + [0, 0, 0, 1, 97])
    }

    @Test func `of an empty array has no dimensions`() {
        #expect(bytes([] as [String]) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
        #expect(bytes([] as [String?]) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000, 100_000])
    func `grows with what is written`(length: Int) {
        let text = String(repeating: "x", count: length)
        var writer = FieldWriter()
        for _ in 0..<3 { text.encode(into: &writer) }
        Int16(258).encode(into: &writer)
        #expect(writer.count == 3 * length + 2)
        #expect(writer.bytes == Array(repeating: UInt8(ascii: "x"), count: 3 * length) + [1, 2])
    }

    @Test func `has an address even when it is nothing`() {
        #expect(FieldWriter().withBytes { $0.baseAddress != nil && $0.isEmpty })
    }

    @Test func `of a copy stays as it was`() {
        var writer = FieldWriter()
        "a".encode(into: &writer)
        let copy = writer
        "b".encode(into: &writer)
        #expect(copy.bytes == [97])
        #expect(writer.bytes == [97, 98])
    }
}

@Suite struct `Parameters` {
    private struct Both: Statement {
        struct Inner: Sendable { var names: [String?] }
        var number: Int32
        var inner: Inner
        static let sql: SQLText = "select $1, $2, $3, $4"
        static let parameters = ParameterEncoder(\Self.number, \.missing, \.inner.names, \.empty)
        private var missing: String? { nil }
        private var empty: String { "" }
    }

    @Test func `are the properties that are named, in their order`() {
        #expect(Both.parameterTypes == [.int4, .text, .textArray, .text])
        var writer = ParameterWriter()
        Both.parameters.bind(Both(number: 1, inner: Both.Inner(names: ["x"])), into: &writer)
        #expect(writer.places.map(\.isNull) == [false, true, false, false])
        #expect(writer.places.map(\.length) == [4, -1, 25, 0])
        #expect(writer.places.map(\.offset) == [0, 0, 4, 29])
        #expect(writer.byteCount == 29)
    }

    @Test func `of several statements lie one after the other`() {
        var query = DynamicQuery("Query", "select ")
        query.append("", "ab")
        query.append(", ", Int16?.none)
        var pipeline = Pipeline()
        pipeline.add(Both(number: 1, inner: Both.Inner(names: [])))
        pipeline.add(query, rows: RowDecoder<Void>.none)
        pipeline.beginFirst()
        #expect(pipeline.entries.map(\.parameters.count) == [0, 4, 2])
        #expect(pipeline.entries.map(\.byteCount) == [0, 16, 2])
        #expect(pipeline.entries.map(\.command.parameterTypes.count) == [0, 4, 2])
        let last = pipeline.entries[2]
        let places = pipeline.parameters.places[last.parameters]
        #expect(places.map(\.isNull) == [false, true])
        #expect(places.first?.offset == 16)
        #expect(last.command.name == "Query")
        #expect(pipeline.entries[1].command.name == "Both")
    }
}
