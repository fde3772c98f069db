/// What a lab was, and what it promises of its process model.
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

    package var seed: UInt64
    package var seconds: Int
    package var faults: [String]
    /// What the lab could not do here, and why.
    package var left: [String] = []
    /// By activity: how often an instance that completed has been there.
    package var expected: [String: Expectation]
    /// By activity: what follows, once, each time a BPMN error was reported there.
    package var errorFollowers: [String: String]
    /// The longest a waiting poll may go without a task that is free for it, in calm, in microseconds: the safety
    /// check, and what a busy machine needs on top.
    package var longestWait: Int64

    package init(
        seed: UInt64,
        seconds: Int,
        faults: [String],
        expected: [String: Expectation],
        errorFollowers: [String: String],
        longestWait: Int64
    ) {
        self.seed = seed
        self.seconds = seconds
        self.faults = faults
        self.expected = expected
        self.errorFollowers = errorFollowers
        self.longestWait = longestWait
    }
}
