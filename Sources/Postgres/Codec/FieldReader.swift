/// A cursor over the bytes of one field.
///
/// Every access is checked; bytes that lie end in a ``DecodingProblem``.
///
/// Valid only during the call that it was handed to.
package struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// The type of the column.
    package let type: PostgresType

    /// A cursor at the beginning of `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer, type: PostgresType) {
        self.bytes = bytes
        self.type = type
    }

    /// The number of bytes not read yet.
    package var remaining: Int { bytes.count - position }

    /// Reads an integer, most significant byte first.
    package mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(DecodingProblem) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw .wrongLength }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: T.self)
        position += size
        return T(bigEndian: value)
    }

    /// Takes the next `count` bytes.
    package mutating func take(_ count: Int) throws(DecodingProblem) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .wrongLength }
        let part = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        position += count
        return part
    }

    /// Takes what is left.
    package mutating func rest() -> UnsafeRawBufferPointer {
        let part = UnsafeRawBufferPointer(rebasing: bytes[position...])
        position = bytes.count
        return part
    }
}
