extension EngineClient {
    /// Where a server is, and how it is called.
    ///
    /// No duration may be longer than 36,500 days.
    public struct Configuration: Sendable {
        /// The address of the API: `http://127.0.0.1:8080/engine-rest`.
        public var url: String
        /// The engine at this address; nil for the default one.
        public var engine: String?
        /// What sees every request, the first one outermost; authentication is one of them.
        public var interceptors: [any Interceptor]
        /// Which servers are trusted; without effect for `http`.
        public var tls = TLSSettings()
        /// How long one attempt at a call may take, at least 1 ms: interceptors with their tokens, connecting, sending,
        /// and the whole answer.
        ///
        /// Some get time on top of this: a poll its own time, a deployment a minute, an upload an hour. A download must
        /// have begun to answer by then; its content is bounded by ``downloadIdleTimeout``.
        public var requestTimeout = Duration.seconds(15)
        /// How long the next piece of a download may take to come, at least 1 ms; the whole has no bound.
        ///
        /// Time that the program takes between two pieces does not count.
        public var downloadIdleTimeout = Duration.seconds(60)
        /// How long it may take to connect, TLS included, at least 1 ms.
        public var connectTimeout = Duration.seconds(5)
        /// The most bytes of an answer in JSON that are read, at least 1; files have no bound.
        public var maximumAnswerBytes = 128 * 1024 * 1024
        /// How calls that may be repeated are.
        public var repetition = RepetitionPolicy()

        /// The API at this address.
        public init(url: String, engine: String? = nil, interceptors: [any Interceptor] = []) {
            self.url = url
            self.engine = engine
            self.interceptors = interceptors
        }
    }

    /// How often and for how long a report is repeated that did not get through.
    ///
    /// The pauses grow from ``firstPause`` to ``longestPause``, each a random part of that (full jitter); a server's
    /// `Retry-After` is waited for at least.
    public struct RepetitionPolicy: Sendable, Hashable {
        /// For how long after the first attempt a call is repeated; zero for never.
        public var patience = Duration.seconds(30)
        /// The longest first pause, at least 1 ms.
        public var firstPause = Duration.milliseconds(100)
        /// The longest pause, at least 1 ms.
        public var longestPause = Duration.seconds(5)

        /// Repeats for half a minute.
        public init() {}

        /// Calls are made once.
        public static var never: RepetitionPolicy {
            var policy = RepetitionPolicy()
            policy.patience = .zero
            return policy
        }
    }
}
