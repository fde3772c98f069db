/// Arrays of one dimension. A null array is an optional array; null elements are optional elements.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
    package func encode(into field: inout FieldWriter) { Element.encodeArray(self, into: &field) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    package static var postgresType: PostgresType { Element.postgresArrayType }
    package static func accepts(_ type: PostgresType) -> Bool { Element.acceptsArray(type) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> [Element] {
        try Element.decodeArray(from: &field)
    }
}

extension PostgresArrayElement {
    package static func acceptsArray(_ type: PostgresType) -> Bool { type == postgresArrayType }
}

extension PostgresArrayElement where Self: PostgresEncodable {
    package static func encodeArray(_ values: [Self], into field: inout FieldWriter) {
        field.reserve(20 + values.count * (4 + MemoryLayout<Self>.size))
        field.write(Int32(values.isEmpty ? 0 : 1))
        field.write(Int32(values.contains(where: \.isPostgresNull) ? 1 : 0))
        field.write(postgresType.rawValue)
        guard !values.isEmpty else { return }
        field.write(Int32(clamping: values.count))
        field.write(Int32(1))
        for value in values {
            if value.isPostgresNull {
                field.write(Int32(-1))
            } else {
                field.writeLengthPrefixed { value.encode(into: &$0) }
            }
        }
    }
}

extension PostgresArrayElement where Self: PostgresDecodable {
    package static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [Self] {
        let dimensions = try field.integer(Int32.self)
        _ = try field.integer(Int32.self)
        let type = PostgresType(rawValue: try field.integer())
        guard accepts(type) else { throw .wrongType(type, expected: postgresType) }
        guard dimensions != 0 else { return [] }
        guard dimensions == 1 else { throw .malformed }
        let count = Int(try field.integer(Int32.self))
        _ = try field.integer(Int32.self)
        // Every element takes at least the four bytes of its length, which bounds what a lying count can reserve.
        guard count >= 0, count <= field.remaining / 4 else { throw .wrongLength }
        var values: [Self] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try decodeElement(from: &field, type: type)) }
        return values
    }

    private static func decodeElement(
        from field: inout FieldReader,
        type: PostgresType
    ) throws(DecodingProblem) -> Self {
        let length = Int(try field.integer(Int32.self))
        let bytes = length == -1 ? nil : try field.take(length)
        return try FieldReader.decode(bytes, type: type, as: Self.self)
    }
}

/// An array of bytes is one `bytea`, not an array.
extension UInt8: PostgresArrayElement {
    package static var postgresArrayType: PostgresType { .bytea }
    package static func encodeArray(_ values: [UInt8], into field: inout FieldWriter) { field.write(values) }
    package static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [UInt8] {
        Array(field.rest())
    }
}

/// `bytea[]`.
extension Array: PostgresArrayElement, PostgresCodable where Element == UInt8 {
    package static var postgresArrayType: PostgresType { .byteaArray }
}
