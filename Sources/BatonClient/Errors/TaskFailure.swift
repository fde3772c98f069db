/// A failed attempt at a task, and what becomes of the task.
///
/// Throw it from a handler to decide what the ``RetryPolicy`` otherwise decides.
public struct TaskFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for people: stored by the server, which keeps the first 666 UTF-16 units, and logged by the
    /// worker.
    public var message: String
    /// Everything that helps to find out why, such as a stack trace.
    public var details: String?
    /// The attempts that are left, at least 0; nil for the policy's number.
    ///
    /// 0 makes an incident, which people must resolve. A number below 0 that a handler throws counts as 0.
    /// ``EngineClient/handleFailure(_:_:)`` knows no policy, and asks for a number.
    public var retries: Int?
    /// How long nobody gets the task, zero to 36,500 days, sent in whole milliseconds; nil for the policy's delay.
    ///
    /// What a handler throws may be out of these bounds, as the time until a moment that is past is: then it counts as
    /// the bound.
    public var retryAfter: Duration?
    /// Process variables to set although the attempt failed.
    ///
    /// If one of these cannot be set, the worker reports the failure without any, with the policy's number of attempts.
    public var variables: Variables
    /// Variables of the task itself to set, which the next attempt sees.
    public var localVariables: Variables

    /// A failure.
    public init(
        _ message: String,
        details: String? = nil,
        retries: Int? = nil,
        retryAfter: Duration? = nil,
        variables: Variables = [:],
        localVariables: Variables = [:]
    ) {
        self.message = message
        self.details = details
        self.retries = retries
        self.retryAfter = retryAfter
        self.variables = variables
        self.localVariables = localVariables
    }

    /// A failure that trying again does not help: an incident at once.
    public static func permanent(_ message: String, details: String? = nil) -> TaskFailure {
        TaskFailure(message, details: details, retries: 0)
    }

    /// The message.
    public var description: String { message }
}

/// An error that trying again does not help.
///
/// Conform an error type to it, and a task whose handler throws such an error becomes an incident at once.
public protocol NonRetryableError: Error {}
