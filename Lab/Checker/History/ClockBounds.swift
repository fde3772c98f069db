/// What is known of the difference between the database's clock and the lab's.
///
/// The database's clock was read between two moments of the lab's, many times; each reading bounds the difference from
/// both sides, and together they bound it closely. When one of the clocks was set meanwhile, the readings contradict
/// each other; then every difference that was possible at some time is taken for possible at any.
package struct ClockBounds: Sendable {
    /// The smallest and the greatest difference that is possible, in microseconds: database's minus lab's.
    package let least: Int64
    package let greatest: Int64
    /// Whether the readings contradict each other.
    package let hasJumped: Bool

    /// Nil without samples.
    init?(_ samples: [ClockSample]) {
        let least = samples.map { $0.database.rawValue - $0.received.rawValue }
        let greatest = samples.map { $0.database.rawValue - $0.sent.rawValue }
        guard let highestLeast = least.max(), let lowestGreatest = greatest.min(),
            let lowestLeast = least.min(), let highestGreatest = greatest.max()
        else { return nil }
        hasJumped = highestLeast > lowestGreatest
        self.least = hasJumped ? lowestLeast : highestLeast
        self.greatest = hasJumped ? highestGreatest : lowestGreatest
    }

    /// By how much a converted moment can be wrong, in microseconds.
    package var uncertainty: Int64 { greatest - least }

    /// The lab's moment before which `moment` did not come.
    func earliest(_ moment: DatabaseMoment) -> LabMoment { LabMoment(rawValue: moment.rawValue - greatest) }

    /// The lab's moment at which `moment` had come.
    func latest(_ moment: DatabaseMoment) -> LabMoment { LabMoment(rawValue: moment.rawValue - least) }
}
