/// A value that can be sent as a parameter, in the binary format.
package protocol PostgresEncodable: Sendable {
    /// The type that the parameter is declared as.
    static var postgresType: PostgresType { get }
    /// Whether the value is sent as null; ``encode(into:)`` is not called then.
    var isPostgresNull: Bool { get }
    /// Appends the value's binary form.
    func encode(into field: inout FieldWriter)
}

/// A value that can be read from a column, in the binary format.
package protocol PostgresDecodable: Sendable {
    /// The type that the column should have.
    static var postgresType: PostgresType { get }
    /// Whether a column of this type can be read; by default only ``postgresType``.
    static func accepts(_ type: PostgresType) -> Bool
    /// Reads a value. It must consume the whole field; what is left over makes the field malformed.
    static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Self
    /// What a null stands for; by default it is refused.
    static func decodeNull() throws(DecodingProblem) -> Self
    /// Reads a whole field, nil for null: the type must be right and nothing left over.
    ///
    /// A requirement only so that each type has its own, specialised version.
    static func decodeField(_ bytes: UnsafeRawBufferPointer?, type: PostgresType) throws(DecodingProblem) -> Self
}

/// A value that can be an element of an array parameter or column.
package protocol PostgresArrayElement: Sendable {
    /// The type of an array of such values.
    static var postgresArrayType: PostgresType { get }
    /// Whether a column of this array type can be read.
    static func acceptsArray(_ type: PostgresType) -> Bool
    /// Appends the binary form of a whole array.
    static func encodeArray(_ values: [Self], into field: inout FieldWriter)
    /// Reads a whole array.
    static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [Self]
}

/// A scalar that can be sent, read, and put into arrays.
///
/// A type with a raw value that is codable conforms with an empty extension: `extension WorkerID: PostgresCodable {}`.
package protocol PostgresCodable: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// Appends the binary form of a whole array whose elements can be null.
    static func encodeArray(ofOptionals values: [Self?], into field: inout FieldWriter)
    /// Reads a whole array whose elements can be null.
    static func decodeArrayOfOptionals(from field: inout FieldReader) throws(DecodingProblem) -> [Self?]
}

extension PostgresEncodable {
    package var isPostgresNull: Bool { false }
}

extension PostgresDecodable {
    package static func accepts(_ type: PostgresType) -> Bool { type == postgresType }
    package static func decodeNull() throws(DecodingProblem) -> Self { throw .unexpectedNull }

    package static func decodeField(
        _ bytes: UnsafeRawBufferPointer?,
        type: PostgresType
    ) throws(DecodingProblem) -> Self {
        guard accepts(type) else { throw .wrongType(type, expected: postgresType) }
        guard let bytes else { return try decodeNull() }
        var field = FieldReader(bytes, type: type)
        let value = try decode(from: &field)
        guard field.remaining == 0 else { throw .wrongLength }
        return value
    }
}

/// Why a field could not be read.
package enum DecodingProblem: Error, Sendable, Hashable {
    /// The field is null and the Swift type is not optional.
    case unexpectedNull
    /// The column has another type than the Swift type reads.
    case wrongType(PostgresType, expected: PostgresType)
    /// The bytes end too early, or some are left over.
    case wrongLength
    /// The bytes do not follow the binary format.
    case malformed
    /// The raw value stands for none of the Swift type's values.
    case unknownValue
    /// More columns are read than the row has, or fewer than expected.
    case wrongColumnCount(Int, expected: Int)
}
