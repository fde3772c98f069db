/// Identifiers and enumerations travel as their raw values.
extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package var isPostgresNull: Bool { rawValue.isPostgresNull }
    package func encode(into field: inout FieldWriter) { rawValue.encode(into: &field) }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package static func accepts(_ type: PostgresType) -> Bool { RawValue.accepts(type) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Self {
        guard let value = Self(rawValue: try RawValue.decode(from: &field)) else { throw .unknownValue }
        return value
    }
}

extension PostgresArrayElement where Self: RawRepresentable, RawValue: PostgresArrayElement {
    package static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
    package static func acceptsArray(_ type: PostgresType) -> Bool { RawValue.acceptsArray(type) }
}

extension PostgresCodable where Self: RawRepresentable, RawValue: PostgresCodable {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package static func encodeArray(_ values: [Self], into field: inout FieldWriter) {
        RawValue.encodeArray(values.map(\.rawValue), into: &field)
    }
    package static func encodeArray(ofOptionals values: [Self?], into field: inout FieldWriter) {
        RawValue.encodeArray(ofOptionals: values.map { $0?.rawValue }, into: &field)
    }
}
