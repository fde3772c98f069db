package import EngineCore

/// A process definition as its row holds it.
///
/// All but ``isSuspended`` and ``historyTimeToLiveDays`` stay as they were deployed.
package struct DefinitionRecord: Sendable, Hashable {
    package var id: DefinitionID
    /// The id of the BPMN `process` element.
    package var key: String
    /// Counts the definitions of one key and tenant, from 1.
    package var version: Int32
    package var versionTag: String?
    package var name: String?
    /// The target namespace of the model.
    package var category: String?
    /// The documentation of the process.
    package var description: String?
    package var deploymentID: DeploymentID
    /// The resource of the deployment that the model was read from.
    package var resourceName: String
    package var tenantID: String?
    /// Whether no instance may be started now.
    ///
    /// A record that is kept says what was true when it was read.
    package var isSuspended: Bool
    /// Days that history is kept after the end of an instance; nil: for ever.
    package var historyTimeToLiveDays: Int32?
    package var isStartableInTasklist: Bool

    package init(
        id: DefinitionID,
        key: String,
        version: Int32,
        versionTag: String?,
        name: String?,
        category: String?,
        description: String?,
        deploymentID: DeploymentID,
        resourceName: String,
        tenantID: String?,
        isSuspended: Bool,
        historyTimeToLiveDays: Int32?,
        isStartableInTasklist: Bool
    ) {
        self.id = id
        self.key = key
        self.version = version
        self.versionTag = versionTag
        self.name = name
        self.category = category
        self.description = description
        self.deploymentID = deploymentID
        self.resourceName = resourceName
        self.tenantID = tenantID
        self.isSuspended = isSuspended
        self.historyTimeToLiveDays = historyTimeToLiveDays
        self.isStartableInTasklist = isStartableInTasklist
    }
}
