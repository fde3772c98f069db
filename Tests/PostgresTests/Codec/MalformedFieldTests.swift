import Foundation
@testable import Postgres
import Testing

@Suite struct `A malformed field` {
    /// Every way in which the module reads a field.
    private static let readers: [@Sendable (UnsafeRawBufferPointer?, PostgresType) -> Void] = [
        reader(Bool.self), reader(Int16.self), reader(Int32.self), reader(Int64.self), reader(Int.self),
        reader(Double.self), reader(String.self), reader(UUID.self), reader([UInt8].self),
        reader(PostgresTimestamp.self), reader(Int64?.self), reader([Bool].self), reader([Int16].self),
        reader([Int32?].self), reader([Int64].self), reader([String?].self), reader([UUID].self),
        reader([[UInt8]].self), reader([[UInt8]?].self), reader([PostgresTimestamp?].self), reader([Double].self),
    ]

    private static func reader<Value: PostgresDecodable>(
        _ type: Value.Type
    ) -> @Sendable (UnsafeRawBufferPointer?, PostgresType) -> Void {
        { bytes, _ in _ = try? Value.decodeField(bytes, type: Value.postgresType) }
    }

    @Test func `never stops the process`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<4000 {
            var bytes = (0..<Int.random(in: 0...48)).map { _ in UInt8.random(in: 0...255, using: &random) }
            // Small numbers make lengths and counts that are nearly right.
            for index in bytes.indices where Bool.random() { bytes[index] = UInt8.random(in: 0...4) }
            bytes.withUnsafeBytes { bytes in
                for read in Self.readers { read(bytes, .unspecified) }
            }
        }
        for read in Self.readers { read(nil, .unspecified) }
    }

    @Test func `never stops the process when an array lies about itself`() {
        for lie in [Int32.min, -2, -1, 0, 1, 2, 3, 1_000_000, .max] {
            for position in [0, 4, 8, 12, 16, 20] {
                var writer = FieldWriter()
                [Int64(1), 2].encode(into: &writer)
                var bytes = writer.bytes
                withUnsafeBytes(of: lie.bigEndian) { bytes.replaceSubrange(position..<position + 4, with: $0) }
                bytes.withUnsafeBytes { bytes in
                    for read in Self.readers { read(bytes, .unspecified) }
                    for length in 0..<bytes.count {
                        for read in Self.readers { read(.init(rebasing: bytes[..<length]), .unspecified) }
                    }
                }
            }
        }
    }

    @Test(arguments: [[], [0], [0, 0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]])
    func `of the wrong length is refused`(bytes: [UInt8]) {
        #expect(throws: DecodingProblem.wrongLength) {
            try bytes.withUnsafeBytes { try Int64.decodeField($0, type: .int8) }
        }
    }

    @Test(
        arguments: [
            [0xff, 0xfe], [0x61, 0x62, 0x80], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf0, 0x9f, 0x98],
            Array("eight ch".utf8) + [0xff], [0xff] + Array("eight ch".utf8),
        ] as [[UInt8]]
    )
    func `that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: DecodingProblem.malformed) {
            try bytes.withUnsafeBytes { try String.decodeField($0, type: .text) }
        }
    }
}
