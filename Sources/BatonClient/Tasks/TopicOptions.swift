/// Which tasks of a topic are wanted, and what they bring along.
///
/// Filters that are set must all hold.
public struct TopicOptions: Sendable, Hashable {
    /// The variables to bring along; nil for all that the task sees, none for an empty list.
    public var variables: [String]?
    /// Whether only the task's own variables come along, not those of the scopes around it.
    public var bringsLocalVariablesOnly = false
    /// Whether the server deserializes Object, Json and Xml values.
    ///
    /// Hardly ever wanted: Baton sends the texts anyway, and other servers fail the whole fetch when one value cannot
    /// be deserialized.
    public var deserializesValues = false
    /// Whether the activity's extension properties come along.
    public var includesExtensionProperties = false

    /// Only tasks of process instances with this business key.
    public var businessKey: String?
    /// Only tasks of this process definition.
    public var processDefinitionID: String?
    /// Only tasks of these process definitions; empty for no filter.
    public var processDefinitionIDs: [String] = []
    /// Only tasks of process definitions with this key.
    public var processDefinitionKey: String?
    /// Only tasks of process definitions with these keys; empty for no filter.
    public var processDefinitionKeys: [String] = []
    /// Only tasks of process definitions with this version tag, in which `%` and `_` stand for any characters.
    public var processDefinitionVersionTag: String?
    /// Only tasks of these tenants; empty for no filter.
    public var tenantIDs: [String] = []
    /// Only tasks of no tenant; without effect when ``tenantIDs`` is set.
    public var withoutTenant = false
    /// Only tasks of process instances that have one of these variables, with the same value **and** type.
    ///
    /// Several are alternatives, as the contract has it. Compared are the types that the server gives untyped values:
    /// Integer, Long, Double, String, Boolean.
    public var processVariables: Variables = [:]

    /// Every task, with all of its variables.
    public init() {}

    /// The result of changing a copy: `.with { $0.businessKey = "order-77" }`.
    public static func with(_ change: (inout TopicOptions) -> Void) -> TopicOptions {
        var options = TopicOptions()
        change(&options)
        return options
    }
}
