/// Values by key, of which only those used last are kept.
///
/// Looking up costs a dictionary access. Making room costs a look at every key, which is little beside what it took to
/// make the value that needs the room.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// The most values kept.
    let limit: Int
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0

    private struct Entry: Sendable {
        var value: Value
        var lastUse: UInt64
    }

    /// Keeps at most `limit` values; at least one.
    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { entries.count }

    /// The value of `key`, which counts as a use of it.
    mutating func value(for key: Key) -> Value? {
        clock += 1
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = clock
        return entries.values[index].value
    }

    /// Keeps `value`, in place of what was used least recently when there is no room.
    mutating func insert(_ value: Value, for key: Key) {
        clock += 1
        entries[key] = Entry(value: value, lastUse: clock)
        guard entries.count > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return
        }
        entries[oldest.key] = nil
    }

    mutating func remove(_ key: Key) { entries[key] = nil }
}
