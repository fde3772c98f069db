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

extension PostgresArrayElement where Self: PostgresDecodable {
    package static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [Self] {
        try field.array()
    }
}

extension PostgresCodable {
    package static func decodeArrayOfOptionals(from field: inout FieldReader) throws(DecodingProblem) -> [Self?] {
        try field.array()
    }
}

extension FieldReader {
    /// Reads an array of one dimension.
    @inline(__always)
    fileprivate mutating func array<Value: PostgresDecodable>() throws(DecodingProblem) -> [Value] {
        let dimensions = try integer(Int32.self)
        _ = try integer(Int32.self)
        let type = PostgresType(rawValue: try integer())
        guard Value.accepts(type) else { throw .wrongType(type, expected: Value.postgresType) }
        guard dimensions != 0 else { return [] }
        guard dimensions == 1 else { throw .malformed }
        let count = Int(try integer(Int32.self))
        _ = try integer(Int32.self)
        // Every element takes at least the four bytes of its length, which bounds what a lying count can reserve.
        guard count >= 0, count <= remaining / 4 else { throw .wrongLength }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let length = Int(try integer(Int32.self))
            values.append(try Value.decodeField(length == -1 ? nil : try take(length), type: type))
        }
        return values
    }
}

/// An array of bytes is one `bytea`, not an array.
extension UInt8: PostgresArrayElement {
    package static var postgresArrayType: PostgresType { .bytea }
    package static func encodeArray(_ values: [UInt8], into field: inout FieldWriter) {
        values.withUnsafeBytes { field.write($0) }
    }
    package static func decodeArray(from field: inout FieldReader) throws(DecodingProblem) -> [UInt8] {
        Array(field.rest())
    }
}

/// `bytea[]`.
extension Array: PostgresArrayElement, PostgresCodable, PostgresScalar where Element == UInt8 {
    package static var postgresArrayType: PostgresType { .byteaArray }
    var encodedSize: Int { count }
    func store(at cursor: inout FieldCursor) { withUnsafeBytes { cursor.store($0) } }
}
