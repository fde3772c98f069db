/// What a lab was, and what it promises of its process models.
package struct Run: Sendable, Codable, Hashable {
    /// How often an activity may appear in the history of one instance.
    package struct Expectation: Sendable, Codable, Hashable {
        package var fewest: Int
        package var most: Int

        package init(_ fewest: Int, _ most: Int) {
            self.fewest = fewest
            self.most = most
        }
    }

    /// What a process model promises of its instances.
    package struct Model: Sendable, Codable, Hashable {
        /// By activity: how often an instance that completed has been there.
        package var expected: [String: Expectation]
        /// By activity: what follows, once, each time a BPMN error was reported there.
        package var errorFollowers: [String: String] = [:]
        /// Activities that wait for a message of the same name.
        package var messages: Set<String> = []
        /// Activities that wait for a signal of the same name: by activity, the external task whose completion makes an
        /// instance wait there.
        package var signals: [String: String] = [:]
        /// The activity, of whatever model, that throws the signal which starts instances of this one; nil when clients
        /// start them.
        package var startedBy: String?

        package init(expected: [String: Expectation]) {
            self.expected = expected
        }
    }

    package var seed: UInt64
    package var seconds: Int
    package var faults: [String]
    /// What the lab could not do here, and why.
    package var left: [String] = []
    /// The command that makes the same choices again.
    package var command = ""
    /// The kinds of fault that are no more than asking nodes to end.
    package var orderlyStops: Set<String> = []
    /// By the key of the process.
    package var models: [String: Model]
    /// The longest a waiting poll may go without a task that is free for it, in calm, in microseconds: the safety
    /// check, and what a busy machine needs on top.
    package var longestWait: Int64
    /// The longest that any call may go without an answer, whatever is broken, beyond the time that it asks to wait, in
    /// microseconds.
    package var longestAnswer: Int64
    /// The same in calm.
    package var longestCalmAnswer: Int64

    package init(
        seed: UInt64,
        seconds: Int,
        faults: [String],
        models: [String: Model],
        longestWait: Int64,
        longestAnswer: Int64,
        longestCalmAnswer: Int64
    ) {
        self.seed = seed
        self.seconds = seconds
        self.faults = faults
        self.models = models
        self.longestWait = longestWait
        self.longestAnswer = longestAnswer
        self.longestCalmAnswer = longestCalmAnswer
    }
}
