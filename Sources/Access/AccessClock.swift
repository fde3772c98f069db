package import FoundationEssentials

/// The clocks that access asks: one that only goes forward, for how long something is remembered, and the calendar's,
/// which tokens name.
package struct AccessClock: Sendable {
    /// The time since some moment before the first call.
    package var elapsed: @Sendable () -> Duration
    /// The time of day.
    package var date: @Sendable () -> Date

    package init(elapsed: @escaping @Sendable () -> Duration, date: @escaping @Sendable () -> Date) {
        self.elapsed = elapsed
        self.date = date
    }

    /// This machine's.
    package static let system: AccessClock = {
        let start = ContinuousClock.now
        return AccessClock(elapsed: { ContinuousClock.now - start }, date: { Date() })
    }()
}

/// The node has too many credentials to check at the moment; trying again soon can help.
package struct TooManyChecks: Error, Sendable, CustomStringConvertible {
    package let description = "The node has too many credentials to check at the moment. Please try again."

    package init() {}
}
