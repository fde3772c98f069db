/// Says which properties of a statement are its parameters, in the order of `$1`, `$2`, ….
///
/// `ParameterEncoder(\Self.worker, \.topics)`
package struct ParameterEncoder<Root>: Sendable {
    /// The declared types, in order.
    package let types: [PostgresType]
    private let encode: @Sendable (Root, inout ParameterWriter) -> Void

    /// The properties that are the parameters.
    ///
    /// They are functions, for which the compiler takes key paths too: it makes each a plain call of the property, much
    /// cheaper than to follow a key path at run time.
    package init<First: PostgresEncodable, each Value: PostgresEncodable>(
        _ first: @escaping @Sendable (Root) -> First,
        _ others: repeat @escaping @Sendable (Root) -> each Value
    ) {
        var types = [First.postgresType]
        for type in repeat (each Value).self { types.append(type.postgresType) }
        self.types = types
        encode = { root, writer in
            writer.append(first(root))
            repeat writer.append((each others)(root))
        }
    }

    /// No parameters.
    package init() {
        types = []
        encode = { _, _ in }
    }

    /// No parameters.
    package static var none: ParameterEncoder { ParameterEncoder() }

    /// Appends the parameters of one statement.
    package func bind(_ root: Root, into writer: inout ParameterWriter) { encode(root, &writer) }
}
