/// A clock as moments since this value was made, whatever clock it is.
struct Timeline: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let clock: any Clock<Duration>

    init(_ clock: any Clock<Duration>) {
        self.clock = clock
        elapsed = Self.stopwatch(clock)
    }

    /// The time since this value was made.
    var now: Duration { elapsed() }

    /// Sleeps until a moment.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(until moment: Duration) async throws {
        try await sleep(for: moment - now)
    }

    /// Sleeps for a while; not at all when it is not positive, and for 36,500 days at most: more is too much for clocks.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return try Task.checkCancellation() }
        try await clock.sleep(for: min(duration, .longest))
    }

    private static func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
