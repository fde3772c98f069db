/// Moments at which something falls due, the earliest first.
///
/// Entries are never searched for: who takes one out checks whether it still means something, and ``compact(keeping:)``
/// throws away those that do not.
struct MomentHeap: Sendable {
    /// What falls due.
    enum Subject: Sendable, Hashable {
        case deadline(WaiterID)
        case topic(String)
        case filtered(String)
    }

    struct Entry: Sendable {
        var moment: Duration
        var subject: Subject
    }

    private(set) var entries: [Entry] = []

    var earliest: Entry? { entries.first }
    var count: Int { entries.count }

    mutating func insert(_ subject: Subject, at moment: Duration) {
        entries.append(Entry(moment: moment, subject: subject))
        siftUp(from: entries.count - 1)
    }

    /// Takes out the earliest entry.
    mutating func removeEarliest() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            siftDown(from: 0)
        }
        return first
    }

    /// Throws away the entries that no longer mean anything.
    mutating func compact(keeping isLive: (Entry) -> Bool) {
        entries = entries.filter(isLive).sorted { $0.moment < $1.moment }  // A sorted array is a heap.
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].moment < entries[parent].moment else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { return }
            let right = left + 1
            let child = right < entries.count && entries[right].moment < entries[left].moment ? right : left
            guard entries[child].moment < entries[parent].moment else { return }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
