/// Which process to start, and with what.
public struct StartRequest: Sendable, Hashable {
    /// The process's key; the latest version of it is started.
    public var processKey: String
    /// The business key of the new instance.
    public var businessKey: String?
    /// The variables to begin with.
    public var variables: Variables
    /// The tenant whose process is meant.
    public var tenantID: String?

    /// The latest version of a process.
    public init(_ processKey: String, businessKey: String? = nil, variables: Variables = [:], tenantID: String? = nil) {
        self.processKey = processKey
        self.businessKey = businessKey
        self.variables = variables
        self.tenantID = tenantID
    }
}

/// A process instance as it was when it was started.
public struct ProcessInstance: Sendable, Hashable {
    /// The id.
    public var id: String
    /// Its definition.
    public var processDefinitionID: String
    /// The business key.
    public var businessKey: String?
    /// Whether it had ended when the answer was made.
    public var isEnded: Bool
    /// Whether it is suspended.
    public var isSuspended: Bool
    /// The tenant.
    public var tenantID: String?
}
