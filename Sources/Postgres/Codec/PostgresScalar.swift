/// A scalar that knows how many bytes its binary form takes and stores them in place.
///
/// Its arrays are written with one look at the sizes and one pass of stores, in code that is specialised for the type;
/// callers in other modules reach it with one call per array.
protocol PostgresScalar: PostgresCodable {
    /// The number of bytes of the binary form.
    var encodedSize: Int { get }
    /// Stores the binary form; exactly ``encodedSize`` bytes.
    func store(at cursor: inout FieldCursor)
}

extension PostgresScalar {
    package func encode(into field: inout FieldWriter) {
        field.append(atMost: encodedSize) { store(at: &$0) }
    }

    package static func encodeArray(_ values: [Self], into field: inout FieldWriter) {
        let size = values.reduce(FieldCursor.arrayHeaderSize) { $0 + 4 + $1.encodedSize }
        field.append(atMost: size) { cursor in
            cursor.storeArrayHeader(postgresType, count: values.count, hasNulls: false)
            for value in values { cursor.storeElement(value) }
        }
    }

    package static func encodeArray(ofOptionals values: [Self?], into field: inout FieldWriter) {
        var hasNulls = false
        var size = FieldCursor.arrayHeaderSize
        for value in values {
            size += 4 + (value?.encodedSize ?? 0)
            hasNulls = hasNulls || value == nil
        }
        field.append(atMost: size) { cursor in
            cursor.storeArrayHeader(postgresType, count: values.count, hasNulls: hasNulls)
            for value in values {
                if let value { cursor.storeElement(value) } else { cursor.store(Int32(-1)) }
            }
        }
    }
}

extension FieldCursor {
    /// The most bytes before the first element of an array.
    static let arrayHeaderSize = 20

    /// Stores what stands before the elements of an array: dimensions, whether there are nulls, type, count, first index.
    @inline(__always)
    fileprivate mutating func storeArrayHeader(_ type: PostgresType, count: Int, hasNulls: Bool) {
        store(Int32(count == 0 ? 0 : 1))
        store(Int32(hasNulls ? 1 : 0))
        store(type.rawValue)
        guard count > 0 else { return }
        store(Int32(clamping: count))
        store(Int32(1))
    }

    @inline(__always)
    fileprivate mutating func storeElement(_ value: some PostgresScalar) {
        store(Int32(clamping: value.encodedSize))
        value.store(at: &self)
    }
}
