extension Subscription {
    /// What becomes of a task whose handler threw, unless the worker stops or the lock is lost.
    package func outcome(
        of task: ExternalTask,
        after error: any Error,
        describe: (any Error) -> (message: String, details: String?)
    ) -> TaskOutcome {
        switch error {
        case let error as BPMNError: .bpmnError(error)
        case let failure as TaskFailure: .failed(filled(failure, of: task))
        default: .failed(failure(of: task, after: error, describe: describe))
        }
    }

    /// What is reported of an error that is neither a ``BPMNError`` nor a ``TaskFailure``.
    package func failure(
        of task: ExternalTask,
        after error: any Error,
        describe: (any Error) -> (message: String, details: String?)
    ) -> TaskFailure {
        let decision = error is any NonRetryableError ? .giveUp : retryPolicy.decision(for: task, after: error)
        let (message, details) = describe(error)
        return TaskFailure(message, details: details, retries: decision.retries, retryAfter: decision.delay)
    }

    /// A failure with what the policy says for what the handler did not.
    package func filled(_ failure: TaskFailure, of task: ExternalTask) -> TaskFailure {
        guard failure.retries == nil || failure.retryAfter == nil else { return failure }
        let decision = retryPolicy.decision(for: task, after: failure)
        var filled = failure
        filled.retries = failure.retries ?? decision.retries
        filled.retryAfter = failure.retryAfter ?? (filled.retries == 0 ? .zero : decision.delay)
        return filled
    }
}
