#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Bool: PostgresCodable {
    package static var postgresType: PostgresType { .bool }
    package static var postgresArrayType: PostgresType { .boolArray }
    package func encode(into field: inout FieldWriter) { field.write(UInt8(self ? 1 : 0)) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Bool {
        switch try field.integer(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .malformed
        }
    }
}

extension Int16: PostgresCodable {
    package static var postgresType: PostgresType { .int2 }
    package static var postgresArrayType: PostgresType { .int2Array }
    package func encode(into field: inout FieldWriter) { field.write(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int16 {
        try field.integer()
    }
}

extension Int32: PostgresCodable {
    package static var postgresType: PostgresType { .int4 }
    package static var postgresArrayType: PostgresType { .int4Array }
    package func encode(into field: inout FieldWriter) { field.write(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int32 {
        try field.integer()
    }
}

extension Int64: PostgresCodable {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func encode(into field: inout FieldWriter) { field.write(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int64 {
        try field.integer()
    }
}

/// Travels as `int8`.
extension Int: PostgresCodable {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func encode(into field: inout FieldWriter) { field.write(Int64(self)) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int {
        guard let value = Int(exactly: try field.integer(Int64.self)) else { throw .unknownValue }
        return value
    }
}

extension Double: PostgresCodable {
    package static var postgresType: PostgresType { .float8 }
    package static var postgresArrayType: PostgresType { .float8Array }
    package func encode(into field: inout FieldWriter) { field.write(bitPattern) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Double {
        Double(bitPattern: try field.integer(UInt64.self))
    }
}

/// Sent as `text`; reads every type whose binary form is its text. The database refuses the character NUL.
extension String: PostgresCodable {
    package static var postgresType: PostgresType { .text }
    package static var postgresArrayType: PostgresType { .textArray }
    package static func accepts(_ type: PostgresType) -> Bool {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown: true
        default: false
        }
    }
    package static func acceptsArray(_ type: PostgresType) -> Bool { type == .textArray || type == .varcharArray }
    package func encode(into field: inout FieldWriter) { field.write(utf8) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> String {
        guard let text = String(validating: field.rest(), as: UTF8.self) else { throw .malformed }
        return text
    }
}

extension UUID: PostgresCodable {
    package static var postgresType: PostgresType { .uuid }
    package static var postgresArrayType: PostgresType { .uuidArray }
    package func encode(into field: inout FieldWriter) { withUnsafeBytes(of: uuid) { field.write($0) } }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> UUID {
        UUID(uuid: try field.take(16).loadUnaligned(as: uuid_t.self))
    }
}
