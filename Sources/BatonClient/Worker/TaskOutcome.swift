/// What becomes of a task whose handler returned.
///
/// A dictionary literal completes the task with these process variables: `return ["receipt": "R-77"]`.
public struct TaskOutcome: Sendable, Hashable {
    /// The outcomes that there are.
    package enum Kind: Sendable, Hashable {
        case completed(Variables, local: Variables)
        case bpmnError(BPMNError)
        case failed(TaskFailure)
        case deferred
        case released
    }

    package let kind: Kind

    private init(_ kind: Kind) {
        self.kind = kind
    }

    /// The task is completed, without variables.
    public static let completed = TaskOutcome(.completed([:], local: [:]))

    /// The task is completed.
    ///
    /// - Parameters:
    ///   - variables: Set in the scope that has them, new ones in the process instance.
    ///   - localVariables: Set in the task's own scope, where output mappings see them.
    /// - Returns: The outcome.
    public static func completed(_ variables: Variables, local localVariables: Variables = [:]) -> TaskOutcome {
        TaskOutcome(.completed(variables, local: localVariables))
    }

    /// The task leaves by the model's error event, as if the error was thrown.
    public static func bpmnError(_ error: BPMNError) -> TaskOutcome { TaskOutcome(.bpmnError(error)) }

    /// The attempt has failed, as if the failure was thrown.
    public static func failed(_ failure: TaskFailure) -> TaskOutcome { TaskOutcome(.failed(failure)) }

    /// Somebody else reports on the task, with ``TaskContext/handle``.
    ///
    /// The lock stays and is not extended any more.
    public static let deferred = TaskOutcome(.deferred)

    /// The task is given back at once, for whoever fetches it next; it costs no attempt.
    public static let released = TaskOutcome(.released)
}

extension TaskOutcome: ExpressibleByDictionaryLiteral {
    /// The task is completed with these process variables.
    public init(dictionaryLiteral elements: (String, Variable)...) {
        self = .completed(Variables(Dictionary(elements) { _, last in last }))
    }
}
