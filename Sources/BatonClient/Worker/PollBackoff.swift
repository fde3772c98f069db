/// How long a worker waits before it asks again.
///
/// The library's own is ``FullJitterBackoff``.
public protocol PollBackoff: Sendable {
    /// The pause after a poll, at least zero; a negative one counts as zero.
    ///
    /// The worker ends a pause early when it learns in another way that the server is there again.
    func pause(after poll: PollReport) -> Duration
}

/// How a poll went.
public struct PollReport: Sendable {
    /// The ways in which polls end; later versions may know more.
    public struct Outcome: Sendable, Hashable, CustomStringConvertible {
        /// The outcome's name.
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// There were tasks.
        public static let tasks = Outcome("tasks")
        /// There were none.
        public static let empty = Outcome("empty")
        /// The server did not answer: it is down, or the way to it.
        public static let down = Outcome("down")
        /// The server wants to be left alone for a while.
        public static let overloaded = Outcome("overloaded")
        /// The server answers, but not with tasks: credentials, settings, or an error of its own.
        public static let refused = Outcome("refused")
    }

    /// How the poll ended.
    public let outcome: Outcome
    /// How many polls in a row have ended like this one, which counts.
    public let consecutive: Int
    /// How long the poll took.
    public let duration: Duration
    /// How long the server was allowed to wait.
    public let pollTimeout: Duration
    /// How long the server wants to be left alone, when it said.
    public let retryAfter: Duration?

    /// Whether it went well after others that did not.
    let isRecovery: Bool

    /// A report.
    public init(
        _ outcome: Outcome,
        consecutive: Int = 1,
        duration: Duration = .zero,
        pollTimeout: Duration = .zero,
        retryAfter: Duration? = nil
    ) {
        self.init(
            outcome,
            consecutive: consecutive,
            duration: duration,
            pollTimeout: pollTimeout,
            retryAfter: retryAfter,
            isRecovery: false
        )
    }

    init(
        _ outcome: Outcome,
        consecutive: Int,
        duration: Duration,
        pollTimeout: Duration,
        retryAfter: Duration?,
        isRecovery: Bool
    ) {
        self.outcome = outcome
        self.consecutive = consecutive
        self.duration = duration
        self.pollTimeout = pollTimeout
        self.retryAfter = retryAfter
        self.isRecovery = isRecovery
    }
}

/// Asks again at once while all is well, and otherwise waits longer from time to time, each time a random part of that.
///
/// | the poll | the pause |
/// |---|---|
/// | brought tasks, or was held to its end | none |
/// | was empty although the server was to wait | up to 100 ms, doubling to 2 s |
/// | found the server down | up to 100 ms, doubling to ``longestPause`` |
/// | found it overloaded | what it asks for, and up to half of that more; without a word, as down but from 1 s |
/// | was refused | up to 2 s, doubling to ``longestPause`` |
public struct FullJitterBackoff: PollBackoff, Hashable {
    /// The longest pause.
    public var longestPause: Duration

    /// Waits for `longestPause` at most, apart from what servers ask for.
    public init(longestPause: Duration = .seconds(30)) {
        self.longestPause = longestPause
    }

    /// The pause after a poll.
    public func pause(after poll: PollReport) -> Duration { pause(after: poll, .system) }

    func pause(after poll: PollReport, _ randomness: Randomness) -> Duration {
        func growing(from first: Duration, to longest: Duration) -> Duration {
            randomness.part(of: Growth(from: first, to: longest).step(poll.consecutive))
        }
        switch poll.outcome {
        case .tasks: return .zero
        case .empty:
            guard poll.duration < poll.pollTimeout / 2 || poll.pollTimeout == .zero else { return .zero }
            return growing(from: .milliseconds(100), to: .seconds(2))
        case .down: return growing(from: .milliseconds(100), to: longestPause)
        case .overloaded:
            guard let retryAfter = poll.retryAfter else { return growing(from: .seconds(1), to: longestPause) }
            return retryAfter + randomness.part(of: retryAfter / 2)
        default: return growing(from: .seconds(2), to: longestPause)
        }
    }
}
