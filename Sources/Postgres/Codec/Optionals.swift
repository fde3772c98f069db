/// Nil is null.
extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package var isPostgresNull: Bool { self?.isPostgresNull ?? true }
    package func encode(into field: inout FieldWriter) { self?.encode(into: &field) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package static func accepts(_ type: PostgresType) -> Bool { Wrapped.accepts(type) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Wrapped? {
        try Wrapped.decode(from: &field)
    }
    package static func decodeNull() throws(DecodingProblem) -> Wrapped? { nil }
    package static func decodeField(
        _ bytes: UnsafeRawBufferPointer?,
        type: PostgresType
    ) throws(DecodingProblem) -> Wrapped? {
        if bytes == nil, Wrapped.accepts(type) { return nil }
        return try Wrapped.decodeField(bytes, type: type)
    }
}

/// Arrays whose elements can be null: the wrapped type knows them.
extension Optional: PostgresArrayElement where Wrapped: PostgresCodable {
    package static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
    package static func acceptsArray(_ type: PostgresType) -> Bool { Wrapped.acceptsArray(type) }
    package static func encodeArray(_ values: [Wrapped?], into field: inout FieldWriter) {
        Wrapped.encodeArray(ofOptionals: values, into: &field)
    }
    package static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [Wrapped?] {
        try Wrapped.decodeArrayOfOptionals(from: &field)
    }
}
