/// How long to wait before the next try: twice as long each time, within bounds, and never quite the same.
package struct Backoff: Sendable, Hashable {
    /// The wait after the first failure, before jitter.
    package var first: Duration
    /// The longest wait, before jitter.
    package var longest: Duration
    /// The failures in a row so far.
    package private(set) var failures = 0

    /// Waits between these bounds.
    package init(first: Duration = .milliseconds(100), longest: Duration = .seconds(1)) {
        self.first = first
        self.longest = longest
    }

    /// How long to wait now: nothing before the first failure, then half to all of the doubled wait.
    package func delay(using random: inout some RandomNumberGenerator) -> Duration {
        guard failures > 0 else { return .zero }
        let doubled = first * (1 << min(failures - 1, 20))
        return min(doubled, longest) * Double.random(in: 0.5...1, using: &random)
    }

    /// How long to wait now.
    package func delay() -> Duration {
        var random = SystemRandomNumberGenerator()
        return delay(using: &random)
    }

    /// Another try failed.
    package mutating func failed() { failures = min(failures + 1, 1000) }

    /// A try succeeded.
    package mutating func succeeded() { failures = 0 }
}

extension Duration {
    fileprivate static func * (duration: Duration, factor: Double) -> Duration {
        .nanoseconds(
            Int64((Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9) * factor)
        )
    }
}
