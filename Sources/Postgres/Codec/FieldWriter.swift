/// Collects the binary form of parameters, in network byte order.
package struct FieldWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes: [UInt8]

    /// An empty field, or the bytes written before.
    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// Appends an integer, most significant byte first.
    package mutating func write<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    package mutating func write(_ content: some Sequence<UInt8>) { bytes.append(contentsOf: content) }

    /// Appends what `body` writes, preceded by its length in four bytes.
    package mutating func writeLengthPrefixed(_ body: (inout FieldWriter) -> Void) {
        let start = bytes.count
        write(Int32(0))
        body(&self)
        let length = Int32(clamping: bytes.count - start - 4).bigEndian
        withUnsafeBytes(of: length) { length in
            for offset in 0..<4 { bytes[start + offset] = length[offset] }
        }
    }

    /// Makes room for this many further bytes.
    package mutating func reserve(_ count: Int) {
        guard bytes.capacity < bytes.count + count else { return }
        bytes.reserveCapacity(max(bytes.capacity * 2, bytes.count + count))
    }
}
