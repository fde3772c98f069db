/// A type of the database, named by its object id.
///
/// Ids of built-in types never change between versions.
package struct PostgresType: RawRepresentable, Sendable, Hashable {
    /// The object id in `pg_type`.
    package var rawValue: UInt32

    /// The type with this object id.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No type named: the server finds out.
    package static let unspecified = Self(rawValue: 0)
    package static let bool = Self(rawValue: 16)
    package static let bytea = Self(rawValue: 17)
    package static let name = Self(rawValue: 19)
    package static let int8 = Self(rawValue: 20)
    package static let int2 = Self(rawValue: 21)
    package static let int4 = Self(rawValue: 23)
    package static let text = Self(rawValue: 25)
    package static let oid = Self(rawValue: 26)
    package static let json = Self(rawValue: 114)
    package static let float8 = Self(rawValue: 701)
    package static let unknown = Self(rawValue: 705)
    package static let bpchar = Self(rawValue: 1042)
    package static let varchar = Self(rawValue: 1043)
    package static let timestamptz = Self(rawValue: 1184)
    package static let void = Self(rawValue: 2278)
    package static let uuid = Self(rawValue: 2950)

    package static let boolArray = Self(rawValue: 1000)
    package static let byteaArray = Self(rawValue: 1001)
    package static let int2Array = Self(rawValue: 1005)
    package static let int4Array = Self(rawValue: 1007)
    package static let textArray = Self(rawValue: 1009)
    package static let varcharArray = Self(rawValue: 1015)
    package static let int8Array = Self(rawValue: 1016)
    package static let float8Array = Self(rawValue: 1022)
    package static let timestamptzArray = Self(rawValue: 1185)
    package static let uuidArray = Self(rawValue: 2951)

    private static let names: [PostgresType: String] = [
        .unspecified: "unspecified", .bool: "bool", .bytea: "bytea", .name: "name", .int8: "int8", .int2: "int2",
        .int4: "int4", .text: "text", .oid: "oid", .json: "json", .float8: "float8", .unknown: "unknown",
        .bpchar: "bpchar", .varchar: "varchar", .timestamptz: "timestamptz", .void: "void", .uuid: "uuid",
        .boolArray: "bool[]", .byteaArray: "bytea[]", .int2Array: "int2[]", .int4Array: "int4[]",
        .textArray: "text[]", .varcharArray: "varchar[]", .int8Array: "int8[]", .float8Array: "float8[]",
        .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]",
    ]
}

extension PostgresType: CustomStringConvertible {
    /// The type's usual name, or its object id when it is not one of ours.
    package var description: String { Self.names[self] ?? "type \(rawValue)" }
}
