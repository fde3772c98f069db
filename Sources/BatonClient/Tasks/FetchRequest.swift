/// One poll: which tasks are wanted, how many, in which order, and how long the server may wait for them.
public struct FetchRequest: Sendable, Hashable {
    /// A topic to take tasks from.
    public struct Topic: Sendable, Hashable {
        /// The topic's name.
        public var name: String
        /// How long its tasks stay ours: 1 ms to 36,500 days, sent in whole milliseconds.
        public var lockDuration: Duration
        /// Which of its tasks, and what they bring along.
        public var options: TopicOptions

        /// A topic whose tasks are locked for `lockDuration`.
        public init(_ name: String, lockDuration: Duration, options: TopicOptions = TopicOptions()) {
            self.name = name
            self.lockDuration = lockDuration
            self.options = options
        }
    }

    /// By when tasks were created.
    public struct CreationOrder: Sendable, Hashable {
        let isAscending: Bool

        /// The oldest tasks first.
        public static let oldestFirst = CreationOrder(isAscending: true)
        /// The newest tasks first.
        public static let newestFirst = CreationOrder(isAscending: false)
    }

    /// The worker that the tasks are locked for, at most 255 characters.
    public var workerID: String
    /// The most tasks to take of all topics together, at least 1; Baton gives 1,000 at most.
    public var maximumTasks: Int
    /// Where to take tasks from; a name may appear once.
    public var topics: [Topic]
    /// Whether tasks of higher priority come first.
    public var usesPriority: Bool
    /// Which tasks come first, within the same priority when that counts; nil leaves it to the server.
    public var creationOrder: CreationOrder?
    /// How long the server may hold the call open when there are no tasks, at most 30 minutes; nil to answer at once.
    public var pollTimeout: Duration?

    /// The longest ``pollTimeout`` that servers accept: 30 minutes.
    public static let longestPollTimeout = Duration.seconds(1800)

    /// A poll for `workerID`.
    public init(
        workerID: String,
        maximumTasks: Int = 1,
        topics: [Topic],
        usesPriority: Bool = true,
        creationOrder: CreationOrder? = nil,
        pollTimeout: Duration? = nil
    ) {
        self.workerID = workerID
        self.maximumTasks = maximumTasks
        self.topics = topics
        self.usesPriority = usesPriority
        self.creationOrder = creationOrder
        self.pollTimeout = pollTimeout
    }
}
