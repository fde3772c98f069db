import Synchronization

/// How often values of each size were seen, and their sum.
///
/// Values are whole numbers: counts, or nanoseconds. One observation costs a few nanoseconds and takes no lock.
package final class Histogram: Sendable {
    /// The upper bounds of the buckets, and in what unit they are shown.
    package struct Scale: Sendable {
        /// Ascending; values above the last one are counted, too.
        package let bounds: [UInt64]
        /// What a shown 1 is: 1,000,000,000 for nanoseconds that are shown as seconds.
        package let unit: UInt64

        /// Bounds in ascending order.
        package init(bounds: [UInt64], unit: UInt64 = 1) {
            precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds ascend")
            self.bounds = bounds
            self.unit = unit
        }

        /// From 100 µs to 30 s: what a node does for one request.
        package static let seconds = Scale(
            bounds: [
                100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
                100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000, 30_000_000_000,
            ],
            unit: 1_000_000_000
        )

        /// From 1 to 1,000 things at a time.
        package static let counts = Scale(bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
    }

    /// What was seen so far.
    package struct Snapshot: Sendable, Hashable {
        /// The number of values in each bucket, none counted twice; the last one is for those above all bounds.
        package var counts: [UInt64]
        package var sum: UInt64

        package var count: UInt64 { counts.reduce(0, &+) }
    }

    package let scale: Scale
    /// One for each bucket, one for what lies above all bounds, and the sum.
    private let cells: Cells

    package init(_ scale: Scale) {
        self.scale = scale
        cells = Cells(count: scale.bounds.count + 2)
    }

    package func observe(_ value: UInt64) {
        let bounds = scale.bounds
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        cells.add(1, at: index)
        cells.add(value, at: bounds.count + 1)
    }

    /// A number of things; less than none counts as none.
    package func observe(_ count: Int) { observe(UInt64(max(0, count))) }

    /// Time that passed; less than none counts as none.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(UInt64(max(0, seconds)) &* 1_000_000_000 &+ UInt64(max(0, attoseconds)) / 1_000_000_000)
    }

    /// What was seen so far; values that come meanwhile may be missing.
    package var snapshot: Snapshot {
        let last = scale.bounds.count
        return Snapshot(counts: (0...last).map { cells.load($0) }, sum: cells.load(last + 1))
    }
}

/// Numbers that many threads add to.
private final class Cells: @unchecked Sendable {
    // @unchecked: the pointer never changes, and what it points to is atomic.
    private let start: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    init(count: Int) {
        self.count = count
        start = .allocate(capacity: count)
        for index in 0..<count { (start + index).initialize(to: Atomic(0)) }
    }

    deinit {
        start.deinitialize(count: count)
        start.deallocate()
    }

    func add(_ number: UInt64, at index: Int) {
        _ = start[index].wrappingAdd(number, ordering: .relaxed)
    }

    func load(_ index: Int) -> UInt64 { start[index].load(ordering: .relaxed) }
}
