import EngineCore
import EngineStore
import JSON

extension UserTaskView {
    /// Which of the contract's forms of a task is meant.
    enum Form {
        case plain
        /// Without what was added after the form was made.
        case hal
    }

    /// Writes the task as a JSON object.
    ///
    /// `withAttachmentInfo`: Whether the caller asked for comments and attachments; there are none.
    func write(withAttachmentInfo: Bool = false, to writer: inout JSONWriter) throws(APIError) {
        writer.beginObject()
        writeMembers(to: &writer, form: .plain)
        if withAttachmentInfo {
            writer.member("attachment", false)
            writer.member("comment", false)
        }
        if let variables {
            writer.key("variables")
            try writer.variables(variables.map { (name: $0.name, value: $0.value) }, as: .serialized)
        }
        writer.endObject()
    }

    func writeMembers(to writer: inout JSONWriter, form: Form) {
        writer.member("id", id.description)
        writer.member("name", name)
        writer.member("assignee", assignee)
        writer.member("created", createTime)
        if form == .plain { writer.member("lastUpdated", lastUpdateTime) }
        writer.member("due", dueTime)
        writer.member("followUp", followUpTime)
        writer.member("delegationState", delegation?.rawValue)
        writer.member("description", description)
        writer.member("executionId", processInstanceID.map { _ in id.description })
        writer.member("owner", owner)
        writer.member("parentTaskId", parentTaskID?.description)
        writer.member("priority", priority)
        writer.member("processDefinitionId", processDefinitionID)
        writer.member("processInstanceId", processInstanceID?.description)
        writer.member("taskDefinitionKey", taskDefinitionKey)
        writer.nulls("caseExecutionId", "caseInstanceId", "caseDefinitionId")
        writer.member("suspended", isSuspended)
        writer.member("formKey", formKey)
        writer.formReference(formReference)
        writer.member("tenantId", tenantID)
        if form == .plain { writer.member("taskState", lastUpdateTime == nil ? "Created" : "Updated") }
    }
}

extension JSONWriter {
    /// Writes `camundaFormRef`, null or an object.
    mutating func formReference(_ reference: FormReference?) {
        guard let reference else { return nulls("camundaFormRef") }
        key("camundaFormRef")
        beginObject()
        member("key", reference.key)
        member("binding", reference.binding)
        member("version", reference.version)
        endObject()
    }
}
