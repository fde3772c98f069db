/// The times in which nothing was broken, nor had been a moment ago.
struct Calm {
    let times: [Range<LabMoment>]

    /// How long after a fault the nodes may need to be themselves again, in microseconds: a node that lost the database
    /// waits before it tries again.
    static let recovery: Int64 = 5_000_000

    /// - Parameters:
    ///   - faults: What was broken, and when.
    ///   - storms: What else is no calm.
    init(_ faults: [History.Fault], and storms: [Range<LabMoment>] = []) {
        let stormy =
            storms
            + faults.map { fault in
                fault.begin..<(fault.end.map { $0 + Self.recovery } ?? LabMoment(rawValue: .max))
            }
        var calm: [Range<LabMoment>] = []
        var from = LabMoment(rawValue: .min)
        for fault in stormy.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if from < fault.lowerBound { calm.append(from..<fault.lowerBound) }
            from = max(from, fault.upperBound)
        }
        if from.rawValue < .max { calm.append(from..<LabMoment(rawValue: .max)) }
        times = calm
    }

    func contains(_ time: ClosedRange<LabMoment>) -> Bool {
        times.contains { $0.contains(time.lowerBound) && $0.contains(time.upperBound) }
    }
}
