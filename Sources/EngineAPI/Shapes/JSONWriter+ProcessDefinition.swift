import EngineCore
import EngineStore
import JSON

extension JSONWriter {
    /// Writes a process definition.
    mutating func processDefinition(_ definition: DefinitionRecord) {
        beginObject()
        member("id", definition.id.description)
        member("key", definition.key)
        member("category", definition.category)
        member("description", definition.description)
        member("name", definition.name)
        member("version", definition.version)
        member("resource", definition.resourceName)
        member("deploymentId", definition.deploymentID.description)
        key("diagram")
        null()
        member("suspended", definition.isSuspended)
        member("tenantId", definition.tenantID)
        member("versionTag", definition.versionTag)
        member("historyTimeToLive", definition.historyTimeToLiveDays)
        member("startableInTasklist", definition.isStartableInTasklist)
        endObject()
    }
}
