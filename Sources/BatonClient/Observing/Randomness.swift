/// Where jitter comes from.
struct Randomness: Sendable {
    /// A number from 0 to 1.
    let next: @Sendable () -> Double

    static let system = Randomness { Double.random(in: 0...1) }

    /// A random part of a duration (full jitter).
    func part(of duration: Duration) -> Duration { duration * next() }
}

/// Durations that double from step to step, up to a longest one.
struct Growth: Sendable {
    let first: Duration
    let longest: Duration

    init(from first: Duration, to longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The duration of a step, from 1 on.
    func step(_ number: Int) -> Duration {
        var duration = first
        for _ in 1..<max(1, number) where duration < longest {
            duration *= 2
        }
        return min(duration, longest)
    }
}
