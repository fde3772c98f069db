/// Collects the binary form of parameters, in network byte order.
///
/// Room is made once for a whole field or array, and the bytes are then stored in place.
package struct FieldWriter: Sendable {
    /// The bytes written, and behind them room for more that holds zeros or leftovers; never quite empty, so that it has
    /// an address.
    private var storage: [UInt8] = FieldWriter.nothing
    /// The number of bytes written.
    package private(set) var count = 0

    /// Nothing written yet.
    package init() {}

    /// What was written so far.
    package var bytes: [UInt8] { Array(storage[..<count]) }

    private static let nothing: [UInt8] = [0]

    /// Calls `body` with what was written so far; there is an address even when that is nothing.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Appends an integer, most significant byte first.
    @inline(__always)
    package mutating func write<T: FixedWidthInteger>(_ value: T) {
        append(atMost: MemoryLayout<T>.size) { $0.store(value) }
    }

    /// Appends bytes as they are.
    package mutating func write(_ content: UnsafeRawBufferPointer) {
        append(atMost: content.count) { $0.store(content) }
    }

    /// Appends a text's UTF-8.
    package mutating func write(_ text: String) {
        append(atMost: text.utf8.count) { $0.store(text) }
    }

    /// Makes room for `limit` bytes and appends those that `body` stores there, which may be fewer.
    @inline(__always)
    mutating func append(atMost limit: Int, _ body: (inout FieldCursor) -> Void) {
        reserve(limit)
        let start = count
        count += storage.withUnsafeMutableBytes { storage in
            var cursor = FieldCursor(UnsafeMutableRawBufferPointer(rebasing: storage[start..<start + limit]))
            body(&cursor)
            return cursor.position
        }
    }

    /// Makes room for this many further bytes; at least doubles the room when there is too little.
    private mutating func reserve(_ room: Int) {
        let missing = count + room - storage.count
        if missing > 0 { grow(by: max(missing, storage.count, 64)) }
    }

    @inline(never)
    private mutating func grow(by size: Int) {
        let (old, count) = (storage, count)
        storage = Array(unsafeUninitializedCapacity: old.count + size) { new, initialized in
            _ = new.initialize(from: old[..<count])
            new[count...].initialize(repeating: 0)
            initialized = new.count
        }
    }
}

/// A place in the room that a ``FieldWriter`` has made; what does not fit there stops the process.
struct FieldCursor {
    private let room: UnsafeMutableRawBufferPointer
    /// The number of bytes stored.
    private(set) var position = 0

    @inline(__always)
    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    /// Stores an integer, most significant byte first.
    @inline(__always)
    mutating func store<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { store($0) }
    }

    /// Stores bytes as they are.
    @inline(__always)
    mutating func store(_ content: UnsafeRawBufferPointer) {
        let end = position + content.count
        precondition(end <= room.count, "More is stored than there is room for.")
        UnsafeMutableRawBufferPointer(rebasing: room[position..<end]).copyMemory(from: content)
        position = end
    }

    /// Stores a text's UTF-8.
    @inline(__always)
    mutating func store(_ text: String) {
        let isStored: Void? = text.utf8.withContiguousStorageIfAvailable { store(UnsafeRawBufferPointer($0)) }
        if isStored == nil { for byte in text.utf8 { store(byte) } }
    }
}
