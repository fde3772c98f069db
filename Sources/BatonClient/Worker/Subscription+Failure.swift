extension Subscription {
    /// What becomes of a task whose handler threw, unless the worker stops or the lock is lost.
    package func outcome(
        of task: ExternalTask,
        after error: any Error,
        describe: (any Error) -> ErrorReport
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
        describe: (any Error) -> ErrorReport
    ) -> TaskFailure {
        let decision = error is any NonRetryableError ? .giveUp : retryPolicy.decision(for: task, after: error)
        let report = describe(error)
        return TaskFailure(
            report.message,
            details: report.details,
            retries: decision.retries,
            retryAfter: decision.delay
        )
    }

    /// A failure with what the policy says for what the handler did not, and with numbers that can be sent.
    package func filled(_ failure: TaskFailure, of task: ExternalTask) -> TaskFailure {
        var filled = failure
        if failure.retries == nil || failure.retryAfter == nil {
            let decision = retryPolicy.decision(for: task, after: failure)
            filled.retries = failure.retries ?? decision.retries
            filled.retryAfter = failure.retryAfter ?? (filled.retries == 0 ? .zero : decision.delay)
        }
        filled.retries = filled.retries.map { RetryPolicy.bounded($0) }
        filled.retryAfter = filled.retryAfter.map { RetryPolicy.bounded($0) }
        return filled
    }

    /// What is reported instead of a failure that cannot be sent, or that the engine does not take: all that it says
    /// but its variables and its own number of attempts.
    func bare(_ failure: TaskFailure, of task: ExternalTask, because error: BatonError) -> TaskFailure {
        let reason = error.variable.map { "variable \($0): \(error)" } ?? "\(error)"
        return filled(
            TaskFailure(
                "\(failure.message) (reported without its variables, which could not be set: \(reason))",
                details: failure.details
            ),
            of: task
        )
    }
}
