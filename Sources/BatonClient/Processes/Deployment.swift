/// Models and other files to deploy together.
public struct DeploymentRequest: Sendable, Hashable {
    /// The deployment's name.
    public var name: String?
    /// The tenant that it is for.
    public var tenantID: String?
    /// Where it comes from, any text.
    public var source: String?
    /// The files by name; models end in `.bpmn` or `.bpmn20.xml`.
    public var files: [String: [UInt8]]
    /// Whether nothing is deployed when the last deployment of this name has the same files.
    public var skipsDuplicates: Bool

    /// A deployment of these files.
    public init(
        name: String? = nil,
        tenantID: String? = nil,
        source: String? = nil,
        skipsDuplicates: Bool = false,
        files: [String: [UInt8]]
    ) {
        self.name = name
        self.tenantID = tenantID
        self.source = source
        self.skipsDuplicates = skipsDuplicates
        self.files = files
    }
}

/// What was deployed.
public struct Deployment: Sendable, Hashable {
    /// The deployment's id.
    public var id: String
    /// The deployment's name.
    public var name: String?
    /// The process definitions that it made, in no order.
    public var processDefinitions: [ProcessDefinition]
}

/// A version of a process.
public struct ProcessDefinition: Sendable, Hashable {
    /// The id.
    public var id: String
    /// The key: the process's id in its model.
    public var key: String
    /// The version, from 1.
    public var version: Int
    /// The name in the model.
    public var name: String?
    /// The tenant.
    public var tenantID: String?
}
