/// How many attempts a task has, and how long it waits between them, when its handler throws.
public struct RetryPolicy: Sendable {
    /// What becomes of a task after a failed attempt.
    public struct Decision: Sendable, Hashable {
        /// The attempts that are left, at least 0; with 0 the task becomes an incident.
        ///
        /// Less counts as 0.
        public var retries: Int
        /// How long nobody gets the task, zero to 36,500 days, sent in whole milliseconds.
        ///
        /// What is out of these bounds counts as the bound.
        public var delay: Duration

        /// A decision.
        public init(retries: Int, delay: Duration) {
            self.retries = retries
            self.delay = delay
        }

        /// The task becomes an incident, which people must resolve.
        public static let giveUp = Decision(retries: 0, delay: .zero)
    }

    private let decide: @Sendable (ExternalTask, any Error) -> Decision
    /// What is wrong with its settings, which a worker throws; nil for nothing.
    private(set) var problem: String?

    /// A policy of your own.
    ///
    /// - Parameter decide: Is asked after each failed attempt. ``ExternalTask/retries`` is nil at a task's first
    ///   failure.
    public init(_ decide: @escaping @Sendable (ExternalTask, any Error) -> Decision) {
        self.decide = decide
    }

    /// What becomes of a task after an attempt failed with this error.
    public func decision(for task: ExternalTask, after error: any Error) -> Decision {
        let decision = decide(task, error)
        return Decision(retries: Self.bounded(decision.retries), delay: Self.bounded(decision.delay))
    }

    /// The number of attempts that is next to this one and can be sent: 0 to 2,147,483,647.
    static func bounded(_ retries: Int) -> Int { min(max(0, retries), Int(Int32.max)) }

    /// The delay that is next to this one and can be sent: zero to 36,500 days.
    static func bounded(_ delay: Duration) -> Duration { min(max(.zero, delay), .longest) }

    /// Pauses that double from attempt to attempt, each shortened by a random part (full jitter).
    ///
    /// - Parameters:
    ///   - attempts: The attempts in all, 1 to 2,147,483,647; a worker throws at its creation when this or a pause
    ///     is out of its bounds. A task that has a number of retries already keeps it, and loses one.
    ///   - firstDelay: The longest first pause, zero to 36,500 days.
    ///   - longestDelay: The longest pause, zero to 36,500 days.
    /// - Returns: The policy.
    public static func exponential(
        attempts: Int = 4,
        firstDelay: Duration = .seconds(10),
        longestDelay: Duration = .seconds(600)
    ) -> RetryPolicy {
        .exponential(attempts: attempts, firstDelay: firstDelay, longestDelay: longestDelay, randomness: .system)
    }

    /// The same pause after each attempt.
    ///
    /// - Parameters:
    ///   - attempts: The attempts in all, 1 to 2,147,483,647; a worker throws at its creation when this or a pause
    ///     is out of its bounds. A task that has a number of retries already keeps it, and loses one.
    ///   - delay: The pause, zero to 36,500 days; zero to try again at once.
    /// - Returns: The policy.
    public static func constant(attempts: Int = 4, delay: Duration) -> RetryPolicy {
        var policy = RetryPolicy { task, error in
            Decision(retries: remaining(of: task, attempts: attempts, after: error), delay: delay)
        }
        policy.problem = problem(attempts: attempts, delays: [delay])
        return policy
    }

    /// The first failure makes an incident.
    public static let never = RetryPolicy { _, _ in .giveUp }

    static func exponential(
        attempts: Int,
        firstDelay: Duration,
        longestDelay: Duration,
        randomness: Randomness
    ) -> RetryPolicy {
        var policy = RetryPolicy { task, error in
            let retries = remaining(of: task, attempts: attempts, after: error)
            let failures = max(1, attempts - retries)
            let longest = Growth(from: firstDelay, to: longestDelay).step(failures)
            return Decision(retries: retries, delay: randomness.part(of: longest))
        }
        policy.problem = problem(attempts: attempts, delays: [firstDelay, longestDelay])
        return policy
    }

    private static func problem(attempts: Int, delays: [Duration]) -> String? {
        guard attempts >= 1, attempts <= Int(Int32.max) else {
            return "A retry policy must allow 1 to 2,147,483,647 attempts, not \(attempts)"
        }
        let delay = delays.first { $0 < .zero || $0 > .longest }
        return delay.map { "The delays of a retry policy must be zero to 36,500 days, not \($0)" }
    }

    /// The attempts that are left after one failed; none when another would only fail in the same way.
    private static func remaining(of task: ExternalTask, attempts: Int, after error: any Error) -> Int {
        if let error = error as? BatonError, error.variable != nil, !error.isRetryable { return 0 }
        return max(0, (task.retries ?? attempts) - 1)
    }
}
