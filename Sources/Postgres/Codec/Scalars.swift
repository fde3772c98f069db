#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Bool: PostgresScalar {
    package static var postgresType: PostgresType { .bool }
    package static var postgresArrayType: PostgresType { .boolArray }
    var encodedSize: Int { 1 }
    func store(at cursor: inout FieldCursor) { cursor.store(UInt8(self ? 1 : 0)) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Bool {
        switch try field.integer(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .malformed
        }
    }
}

extension Int16: PostgresScalar {
    package static var postgresType: PostgresType { .int2 }
    package static var postgresArrayType: PostgresType { .int2Array }
    var encodedSize: Int { 2 }
    func store(at cursor: inout FieldCursor) { cursor.store(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int16 {
        try field.integer()
    }
}

extension Int32: PostgresScalar {
    package static var postgresType: PostgresType { .int4 }
    package static var postgresArrayType: PostgresType { .int4Array }
    var encodedSize: Int { 4 }
    func store(at cursor: inout FieldCursor) { cursor.store(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int32 {
        try field.integer()
    }
}

extension Int64: PostgresScalar {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    var encodedSize: Int { 8 }
    func store(at cursor: inout FieldCursor) { cursor.store(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int64 {
        try field.integer()
    }
}

/// Travels as `int8`.
extension Int: PostgresScalar {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    var encodedSize: Int { 8 }
    func store(at cursor: inout FieldCursor) { cursor.store(Int64(self)) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Int {
        guard let value = Int(exactly: try field.integer(Int64.self)) else { throw .unknownValue }
        return value
    }
}

extension Double: PostgresScalar {
    package static var postgresType: PostgresType { .float8 }
    package static var postgresArrayType: PostgresType { .float8Array }
    var encodedSize: Int { 8 }
    func store(at cursor: inout FieldCursor) { cursor.store(bitPattern) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> Double {
        Double(bitPattern: try field.integer(UInt64.self))
    }
}

/// Sent as `text`; reads every type whose binary form is its text. The database refuses the character NUL.
extension String: PostgresScalar {
    package static var postgresType: PostgresType { .text }
    package static var postgresArrayType: PostgresType { .textArray }
    package static func accepts(_ type: PostgresType) -> Bool {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown: true
        default: false
        }
    }
    package static func acceptsArray(_ type: PostgresType) -> Bool { type == .textArray || type == .varcharArray }
    var encodedSize: Int { utf8.count }
    func store(at cursor: inout FieldCursor) { cursor.store(self) }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> String {
        let bytes = field.rest()
        // Nearly all texts are ASCII, which is cheap to find out and needs no further validation.
        if bytes.isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        return text
    }
}

extension UUID: PostgresScalar {
    package static var postgresType: PostgresType { .uuid }
    package static var postgresArrayType: PostgresType { .uuidArray }
    var encodedSize: Int { 16 }
    func store(at cursor: inout FieldCursor) { withUnsafeBytes(of: uuid) { cursor.store($0) } }
    package static func decode(from field: inout FieldReader) throws(DecodingProblem) -> UUID {
        UUID(uuid: try field.take(16).loadUnaligned(as: uuid_t.self))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether no byte has its highest bit set; looks at eight at a time.
    fileprivate var isASCII: Bool {
        let wholeWords = count & ~7
        var seen: UInt64 = 0
        for offset in stride(from: 0, to: wholeWords, by: 8) {
            seen |= loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        for offset in wholeWords..<count { seen |= UInt64(self[offset]) }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
