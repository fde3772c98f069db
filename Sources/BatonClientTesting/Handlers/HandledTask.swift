public import BatonClient

/// What a handler did with a task, and what a worker would report of it.
public struct HandledTask: Sendable {
    /// What a worker would report.
    ///
    /// Comparable with what is expected: `#expect(handled.outcome == .completed(["receipt": "R-77"]))`. A failure has
    /// the retries and the delay that the subscription's policy gives it.
    public let outcome: TaskOutcome
    /// What the handler threw; nil when it returned.
    public let error: (any Error)?
    /// What the handler asked for with `TaskContext.extendLock(for:)`, in its order.
    public let lockExtensions: [Duration]
    /// The process variables as the handler left them, before its outcome: set or uploaded through its context.
    public let processVariables: Variables
    /// The task's own variables as the handler left them, before its outcome.
    public let localVariables: Variables
    /// Every call that the handler made through its context and its client.
    public let calls: [RecordedCall]

    /// The variables that the task is completed with; nil for other outcomes.
    public var completedVariables: Variables? {
        if case .completed(let variables, _) = outcome.kind { variables } else { nil }
    }

    /// The failure that is reported, with retries and delay; nil for other outcomes.
    public var failure: TaskFailure? {
        if case .failed(let failure) = outcome.kind { failure } else { nil }
    }

    /// The error of the business that is reported; nil for other outcomes.
    public var bpmnError: BPMNError? {
        if case .bpmnError(let error) = outcome.kind { error } else { nil }
    }
}
