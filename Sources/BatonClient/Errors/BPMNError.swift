/// An error of the business, which the model may catch by its code.
///
/// Throw it from a handler to leave the task by the model's error event. An error that nothing in the model catches
/// ends the task's path; that is no failure.
public struct BPMNError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The code that the model's error events name; not empty.
    public var code: String
    /// A message for the model's `errorMessageVariable`.
    public var message: String?
    /// Variables to set before the error is handled.
    public var variables: Variables

    /// An error with this code.
    public init(_ code: String, message: String? = nil, variables: Variables = [:]) {
        self.code = code
        self.message = message
        self.variables = variables
    }

    /// Code and message.
    public var description: String { message.map { "\(code): \($0)" } ?? code }
}
