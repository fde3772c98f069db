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
}

/// Arrays whose elements can be null.
extension Optional: PostgresArrayElement where Wrapped: PostgresCodable {
    package static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
    package static func acceptsArray(_ type: PostgresType) -> Bool { Wrapped.acceptsArray(type) }
}
