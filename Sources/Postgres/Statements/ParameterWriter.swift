/// Collects the parameters of statements, in the order of `$1`, `$2`, …, one statement after the other.
package struct ParameterWriter: Sendable {
    /// Where the bytes of one parameter lie; a null has a negative length.
    struct Place: Sendable {
        var offset: Int
        var length: Int

        static let null = Place(offset: 0, length: -1)
        var isNull: Bool { length < 0 }
    }

    private var field = FieldWriter()
    /// One entry per parameter.
    private(set) var places: [Place] = []

    /// No parameters yet.
    package init() {}

    /// The most parameters that one statement can have; the protocol's bound.
    package static let maximumCount = 65_535
    /// The most bytes that the parameters of one statement may take together.
    package static let maximumBytes = 512 * 1024 * 1024

    /// Appends the next parameter.
    package mutating func append<Value: PostgresEncodable>(_ value: Value) {
        guard !value.isPostgresNull else { return places.append(.null) }
        let start = field.count
        value.encode(into: &field)
        places.append(Place(offset: start, length: field.count - start))
    }

    /// Appends all parameters that were collected elsewhere.
    mutating func append(_ other: ParameterWriter) {
        let start = field.count
        other.withBytes { field.write($0) }
        for var place in other.places {
            place.offset += start
            places.append(place)
        }
    }

    /// The number of parameters.
    package var count: Int { places.count }
    /// The number of bytes that all parameters take together.
    var byteCount: Int { field.count }

    /// Calls `body` with the binary forms of all parameters.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { field.withBytes(body) }
}
