package import Postgres

/// What the safety check asks: which of the topics have a task that may be claimed now, and when each topic's next
/// lock runs out, in milliseconds from now.
struct WaitedTopics: Statement {
    var topics: [String]

    /// The most topics that are asked about at once.
    static let maximumTopics = 2_000

    static let sql: SQLText = """
        select wanted.topic,
            exists (select from external_task as task where task.topic = wanted.topic and task.ready),
            (
                select least(greatest(ceil(extract(epoch from task.lock_expiration - statement_timestamp()) * 1000), 0),
                    1000000000000)::bigint
                from external_task as task
                where task.topic = wanted.topic and not task.ready and task.lock_expiration is not null
                    and not task.suspended and (task.retries is null or task.retries > 0)
                order by task.lock_expiration
                limit 1
            )
        from unnest($1) as wanted (topic)
        """

    static let parameters = ParameterEncoder(\Self.topics)
    static let rows = RowDecoder(TopicState.init)
}

/// What the safety check learns of one topic.
package struct TopicState: Sendable, Hashable {
    package var topic: String
    /// Whether a task may be claimed now.
    package var hasReadyTasks: Bool
    /// Milliseconds until the next lock runs out, at least 0; nil when none is held.
    package var nextInMilliseconds: Int64?

    package init(topic: String, hasReadyTasks: Bool, nextInMilliseconds: Int64?) {
        self.topic = topic
        self.hasReadyTasks = hasReadyTasks
        self.nextInMilliseconds = nextInMilliseconds
    }
}

extension StatementRunner {
    /// Asks about all topics that polls wait for; one query unless there are thousands.
    package func look(atTopics topics: [String]) async throws(PostgresError) -> [TopicState] {
        var states: [TopicState] = []
        for start in stride(from: 0, to: topics.count, by: WaitedTopics.maximumTopics) {
            let end = min(start + WaitedTopics.maximumTopics, topics.count)
            var pipeline = Pipeline()
            pipeline.add(ClaimSettings())
            let answer = pipeline.add(WaitedTopics(topics: Array(topics[start..<end])))
            states += try await execute(pipeline)[answer]
        }
        return states
    }
}
