/// How much of each topic's work there was in the whole cluster at one moment.
package struct WorkSample: Sendable, Hashable {
    /// One topic.
    package struct Topic: Sendable, Hashable {
        package var name: String
        /// Tasks that may be claimed, without those of ``expired``.
        package var ready: Int64
        /// Tasks that a worker holds, or that wait for their retry time-out.
        package var locked: Int64
        /// Tasks whose lock has run out, and that no claim has put back to ready yet; they may be claimed as well.
        package var expired: Int64
        /// Tasks without retries: incidents.
        package var failed: Int64
        /// How long ago the oldest ready task was created, in milliseconds; nil when none is ready.
        package var oldestMilliseconds: Int64?

        package init(
            name: String,
            ready: Int64,
            locked: Int64,
            expired: Int64,
            failed: Int64,
            oldestMilliseconds: Int64?
        ) {
            self.name = name
            self.ready = ready
            self.locked = locked
            self.expired = expired
            self.failed = failed
            self.oldestMilliseconds = oldestMilliseconds
        }
    }

    /// The topics with the most tasks, ``maximumTopics`` at most, and ``otherTopics`` for the rest together.
    package var topics: [Topic]
    /// How long ago it was taken, in milliseconds.
    package var ageMilliseconds: Int64
    /// How long taking it took, in milliseconds.
    package var elapsedMilliseconds: Int64

    /// The most topics that are told apart.
    package static let maximumTopics: Int64 = 1_000
    /// What all further topics together are called.
    package static let otherTopics = "_other"
    /// The time from one sample to the next, at least.
    package static let interval = Duration.seconds(5)
    /// The time from one sample to the next is at least so many times as long as the first one took: taking them keeps
    /// one session busy for 2 % of the time at most, however much work there is.
    package static let pauseFactor = 50
    /// How long taking one may take before it is given up.
    package static let patience = Duration.seconds(5)
}
