import EngineCore

/// Something whose variables can be seen and changed.
struct VariableResource: Sendable {
    /// The path, with the parameter `id`.
    let pattern: String
    /// How errors call it.
    let noun: String
    /// Whether only variables stored exactly there are meant.
    let isLocal: Bool

    /// Any execution, and all that is visible from it.
    static let processInstance = Self(
        pattern: "/process-instance/{id}/variables",
        noun: "process instance",
        isLocal: false
    )
    /// Any execution, and what is stored there.
    static let execution = Self(pattern: "/execution/{id}/localVariables", noun: "execution", isLocal: true)
    /// A user task, and all that is visible from it.
    static let task = Self(pattern: "/task/{id}/variables", noun: "task", isLocal: false)
    /// A user task, and what is stored there.
    static let taskLocal = Self(pattern: "/task/{id}/localVariables", noun: "task", isLocal: true)

    static let all = [processInstance, execution, task, taskLocal]

    /// Whether the id is that of a user task, not of an execution.
    var isTask: Bool { noun == "task" }

    /// The error when there is none with the id.
    func notFound(_ id: String) -> APIError {
        isTask ? .missing("task \(id) doesn't exist: task") : APIError(Rejection.executionNotFound(id))
    }
}
