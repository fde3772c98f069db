/// Says which properties of a statement are its parameters, in the order of `$1`, `$2`, ….
///
/// `ParameterEncoder(\Self.worker, \.topics)`
package struct ParameterEncoder<Root>: Sendable {
    /// The declared types, in order.
    package let types: [PostgresType]
    private let encode: @Sendable (Root, inout ParameterWriter) -> Void

    /// The properties that are the parameters.
    package init<each Value: PostgresEncodable>(_ path: repeat any KeyPath<Root, each Value> & Sendable) {
        var types: [PostgresType] = []
        for type in repeat (each Value).self { types.append(type.postgresType) }
        self.types = types
        encode = { root, writer in repeat writer.append(root[keyPath: each path]) }
    }

    /// No parameters.
    package static var none: ParameterEncoder { ParameterEncoder() }

    /// Appends the parameters of one statement.
    package func bind(_ root: Root, into writer: inout ParameterWriter) { encode(root, &writer) }
}
