/// Collects the parameters of one statement, in the order of `$1`, `$2`, ….
package struct ParameterWriter: Sendable {
    private var field = FieldWriter()
    /// One entry per parameter: where its bytes lie; nil is null.
    private(set) var ranges: [Range<Int>?] = []
    /// The declared types, in order.
    package private(set) var types: [PostgresType] = []

    /// No parameters yet.
    package init() {}

    /// The most parameters that one statement can have; the protocol's bound.
    package static let maximumCount = 65_535
    /// The most bytes that the parameters of one statement may take together.
    package static let maximumBytes = 512 * 1024 * 1024

    /// Appends the next parameter.
    package mutating func append<Value: PostgresEncodable>(_ value: Value) {
        types.append(Value.postgresType)
        guard !value.isPostgresNull else { return ranges.append(nil) }
        let start = field.bytes.count
        value.encode(into: &field)
        ranges.append(start..<field.bytes.count)
    }

    /// The number of parameters.
    package var count: Int { ranges.count }
    /// The binary forms of all parameters, one after the other.
    var bytes: [UInt8] { field.bytes }
    /// Whether the protocol or our own bound forbids to send this.
    var isTooLarge: Bool { count > Self.maximumCount || bytes.count > Self.maximumBytes }
}
