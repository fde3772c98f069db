extension Worker.Configuration {
    /// Checks the settings and the topics.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration``.
    func validate(_ subscriptions: [Subscription]) throws {
        func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
            guard condition else { throw BatonError(.invalidConfiguration, message: message()) }
        }
        try require(!id.isEmpty && id.count <= 255, "A worker's id must have 1 to 255 characters")
        try require(maximumTasks >= 1, "A worker must be allowed at least 1 task, not \(maximumTasks)")
        try require(
            pollTimeout >= .zero && pollTimeout <= FetchRequest.longestPollTimeout,
            "The time-out of polls must be zero to 30 minutes, not \(pollTimeout)"
        )
        try require(drainTimeout >= .zero, "The time-out of draining must not be negative")
        try require(giveBackTimeout >= .zero, "The time-out of giving back must not be negative")
        try require(reportPatience >= .zero, "The patience of reports must not be negative")
        try require(!subscriptions.isEmpty, "A worker must subscribe to a topic")
        var topics: Set<String> = []
        for subscription in subscriptions {
            let topic = subscription.topic
            try require(!topic.isEmpty, "A topic must have a name")
            try require(topics.insert(topic).inserted, "The topic \(topic) is subscribed to twice")
            try require(
                subscription.lockDuration >= .milliseconds(1),
                "The lock of \(topic) must last at least 1 ms, not \(subscription.lockDuration)"
            )
            if let timeout = subscription.timeout {
                try require(
                    timeout >= .milliseconds(1),
                    "The time-out of \(topic) must be at least 1 ms, not \(timeout)"
                )
            }
        }
    }
}
