/// What a commit did for one topic: tasks that may be claimed now, or that may be claimed after a while.
package struct TopicWork: Sendable, Hashable {
    package var topic: String
    /// How many tasks, at least 1.
    package var count: Int
    /// Milliseconds, by the database's clock, from the commit until the tasks may be claimed; nil when they may be now.
    package var inMilliseconds: Int64?

    package init(topic: String, count: Int = 1, inMilliseconds: Int64? = nil) {
        self.topic = topic
        self.count = count
        self.inMilliseconds = inMilliseconds
    }
}
