import EngineCore
import EngineStore
import JSON

extension UserTaskView {
    /// Writes the task as a HAL resource; `relations` is what it embeds.
    func writeHAL(embedding relations: [HALRelation] = [], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.halLinks([
            "self": path(HALPath("/task/\(id)")),
            "assignee": assignee.map { path("/user/\($0)") },
            "owner": owner.map { path("/user/\($0)") },
            "execution": processInstanceID.map { _ in path("/execution/\(id)") },
            "parentTask": parentTaskID.map { path("/task/\($0)") },
            "processDefinition": processDefinitionID.map { path("/process-definition/\($0)") },
            "processInstance": processInstanceID.map { path("/process-instance/\($0)") },
            "identityLink": path("/task/\(id)/identity-links"),
        ])
        writer.halEmbedded(relations)
        writeMembers(to: &writer, form: .hal)
        writer.endObject()
    }
}

extension DefinitionRecord {
    /// Writes the definition as a HAL resource.
    func writeHAL(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.halLinks([
            "self": path("/process-definition/\(id)"),
            "deployment": path("/deployment/\(deploymentID)"),
            "resource": path("/deployment/\(deploymentID)/resources/\(resourceName)"),
        ])
        writer.halEmbedded()
        writer.member("id", id.description)
        writer.member("key", key)
        writer.member("category", category)
        writer.member("description", description)
        writer.member("name", name)
        writer.member("versionTag", versionTag)
        writer.member("version", version)
        writer.member("resource", resourceName)
        writer.member("deploymentId", deploymentID.description)
        writer.nulls("diagram")
        writer.member("suspended", isSuspended)
        writer.nulls("contextPath")
        writer.endObject()
    }
}

extension IdentityLinkView {
    /// Writes the link as a HAL resource.
    func writeHAL(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.halLinks([
            "group": groupID.map { path("/group/\($0)") },
            "task": path("/task/\(taskID)"),
            "user": userID.map { path("/user/\($0)") },
        ])
        writer.halEmbedded()
        writer.member("userId", userID)
        writer.member("groupId", groupID)
        writer.member("type", type)
        writer.member("taskId", taskID.description)
        writer.endObject()
    }
}

private func path(_ path: HALPath) -> String { path.text }
