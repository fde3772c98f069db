/// A message for whoever waits for it, or for a process to start with.
public struct Message: Sendable, Hashable {
    /// The message's name in the models.
    public var name: String
    /// The business key of the instance that it is for, or of the new one.
    public var businessKey: String?
    /// The instance that it is for.
    public var processInstanceID: String?
    /// Process variables that the instance must have, all of them.
    public var correlationKeys: Variables
    /// Variables to set.
    public var variables: Variables
    /// Whether everybody who waits gets it; otherwise exactly one may wait.
    public var isForAll: Bool

    /// A message.
    public init(
        _ name: String,
        businessKey: String? = nil,
        processInstanceID: String? = nil,
        correlationKeys: Variables = [:],
        variables: Variables = [:],
        isForAll: Bool = false
    ) {
        self.name = name
        self.businessKey = businessKey
        self.processInstanceID = processInstanceID
        self.correlationKeys = correlationKeys
        self.variables = variables
        self.isForAll = isForAll
    }
}
