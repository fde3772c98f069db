import Foundation

@testable import Postgres

/// A way to read fields.
protocol FieldKind: Sendable {
    /// The type that the column has.
    var type: PostgresType { get }

    /// Reads a field, nil for null, and checks what was read.
    func check(_ bytes: UnsafeRawBufferPointer?, _ type: PostgresType) throws(Violation)
}

/// Fields that are read as a Swift type.
struct FieldOf<Value: PostgresDecodable & PostgresEncodable>: FieldKind {
    var type: PostgresType { Value.postgresType }

    func check(_ bytes: UnsafeRawBufferPointer?, _ type: PostgresType) throws(Violation) {
        guard let value = try? Value.decodeField(bytes, type: type) else { return }
        guard !value.isPostgresNull else { return try expect(bytes == nil, "Only null is read as null") }
        let sent = encoded(value)
        let again = sent.withUnsafeBytes { try? Value.decodeField($0, type: type) }
        guard let again else { throw Violation("\(value) can be sent as \(sent) and read") }
        try expect(encoded(again) == sent, "\(value) that is sent is read as the same, not as \(again)")
    }

    private func encoded(_ value: Value) -> [UInt8] {
        var writer = FieldWriter()
        value.encode(into: &writer)
        return writer.bytes
    }
}

/// A field that is read whatever its type; its bytes are of no interest.
struct FieldOfAnyType: PostgresDecodable {
    static var postgresType: PostgresType { .unspecified }
    static func accepts(_ type: PostgresType) -> Bool { true }
    static func decode(from field: inout FieldReader) throws(DecodingProblem) -> FieldOfAnyType {
        _ = field.rest()
        return FieldOfAnyType()
    }
}

extension Rows {
    /// Every way in which fields are read.
    static let kinds: [any FieldKind] = [
        FieldOf<Bool>(), FieldOf<Int16>(), FieldOf<Int32>(), FieldOf<Int64>(), FieldOf<Int>(), FieldOf<Double>(),
        FieldOf<String>(), FieldOf<UUID>(), FieldOf<[UInt8]>(), FieldOf<PostgresTimestamp>(), FieldOf<Int64?>(),
        FieldOf<String?>(), FieldOf<[Bool]>(), FieldOf<[Int16]>(), FieldOf<[Int32?]>(), FieldOf<[Int64]>(),
        FieldOf<[Double]>(), FieldOf<[String]>(), FieldOf<[String?]>(), FieldOf<[UUID]>(), FieldOf<[UUID?]>(),
        FieldOf<[[UInt8]]>(), FieldOf<[[UInt8]?]>(), FieldOf<[PostgresTimestamp?]>(), FieldOf<[Int32]?>(),
    ]
}
