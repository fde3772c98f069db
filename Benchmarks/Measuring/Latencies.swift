import NIOCore

/// Durations of one kind, kept whole so that percentiles are exact; below zero when what ends came before what begins.
struct Latencies {
    private var microseconds: [Int32] = []

    var count: Int { microseconds.count }

    mutating func add(_ time: TimeAmount) {
        microseconds.append(Int32(clamping: time.nanoseconds / 1000))
    }

    mutating func add(_ time: Duration) { add(.microseconds(Int64(time / .microseconds(1)))) }

    mutating func add(_ other: Latencies) { microseconds += other.microseconds }

    /// The values at fractions of the sorted durations, in milliseconds; 0 when there are none.
    func milliseconds(at fractions: [Double]) -> [Double] {
        let sorted = microseconds.sorted()
        return fractions.map { fraction in
            guard !sorted.isEmpty else { return 0 }
            return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]) / 1000
        }
    }

    /// `p50 1.2 ms, p99 3.4 ms, max 5.6 ms (1000)`.
    var summary: String {
        let values = milliseconds(at: [0.5, 0.99, 1])
        return "p50 \(values[0].text) ms, p99 \(values[1].text) ms, max \(values[2].text) ms (\(count))"
    }
}

extension Double {
    /// Up to three meaningful digits.
    var text: String {
        let places = abs(self) >= 100 ? 0 : abs(self) >= 10 ? 1 : 2
        let scale = [1.0, 10, 100][places]
        let rounded = Int((self * scale).rounded())
        guard places > 0 else { return "\(rounded)" }
        let fraction = String(abs(rounded) % Int(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(rounded < 0 ? "-" : "")\(abs(rounded) / Int(scale)).\(zeros)\(fraction)"
    }
}
