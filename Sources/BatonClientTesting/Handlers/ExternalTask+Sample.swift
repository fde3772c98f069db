public import BatonClient

extension ExternalTask {
    /// A task for a test of a handler: `.sample("charge-card", variables: ["amount": 42])`.
    ///
    /// - Parameters:
    ///   - topic: The task's topic.
    ///   - variables: What the handler sees.
    ///   - retries: The remaining attempts; nil for a task that has not failed.
    ///   - businessKey: The business key of its process instance.
    ///   - priority: Higher is more urgent.
    ///   - errorMessage: The message of the last failure.
    ///   - extensionProperties: The activity's extension properties.
    /// - Returns: The task, locked for the worker `worker`.
    public static func sample(
        _ topic: String = "topic",
        variables: Variables = [:],
        retries: Int? = nil,
        businessKey: String? = nil,
        priority: Int64 = 0,
        errorMessage: String? = nil,
        extensionProperties: [String: String?] = [:]
    ) -> ExternalTask {
        ExternalTask(
            id: "task",
            topic: topic,
            variables: variables,
            businessKey: businessKey,
            retries: retries,
            priority: priority,
            errorMessage: errorMessage,
            extensionProperties: extensionProperties
        )
    }
}
