extension Worker.Configuration {
    /// Checks the settings and the topics.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration``.
    func validate(_ subscriptions: [Subscription]) throws {
        try require(!id.isEmpty && id.count <= 255, "A worker's id must have 1 to 255 characters")
        try require(maximumTasks >= 1, "A worker must be allowed at least 1 task, not \(maximumTasks)")
        try require(
            pollTimeout >= .zero && pollTimeout <= FetchRequest.longestPollTimeout,
            "The time-out of polls must be zero to 30 minutes, not \(pollTimeout)"
        )
        try require(drainTimeout, "The time-out of draining")
        try require(giveBackTimeout, "The time-out of giving back")
        try require(reportPatience, "The patience of reports")
        try require(!subscriptions.isEmpty, "A worker must subscribe to a topic")
        var topics: Set<String> = []
        for subscription in subscriptions {
            try require(
                topics.insert(subscription.topic).inserted,
                "The topic \(subscription.topic) is subscribed to twice"
            )
            try subscription.validate()
        }
    }
}

extension Subscription {
    /// Checks the topic, the times and the policy.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration``.
    package func validate() throws {
        try require(!topic.isEmpty, "A topic must have a name")
        try require(lockDuration, "The lock of \(topic)", isMoreThanZero: true)
        if let timeout { try require(timeout, "The time-out of \(topic)", isMoreThanZero: true) }
        if let fraction = lockExtension.fraction {
            try require(
                (0.1...0.9).contains(fraction),
                "The lock of \(topic) must be extended at a part of 0.1 to 0.9 of its duration, not \(fraction)"
            )
        }
        if let problem = retryPolicy.problem { try require(false, "\(topic): \(problem)") }
    }
}
