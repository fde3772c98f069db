package import FoundationEssentials

/// An identifier of one kind of thing: a UUID that says what it names.
package protocol Identifier: RawRepresentable, Sendable, Hashable, CustomStringConvertible where RawValue == UUID {
    init(_ uuid: UUID)
}

extension Identifier {
    package init(rawValue: UUID) { self.init(rawValue) }

    /// Reads an identifier as clients send it; nil for text that cannot be one of ours, which is then simply not found.
    package init?(_ text: String) {
        guard let uuid = UUID(text: text) else { return nil }
        self.init(uuid)
    }

    /// Lower case, as in every answer.
    package var description: String { rawValue.text }
}

/// Names a deployment.
package struct DeploymentID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names a process instance; it is also the execution id of the instance's outermost scope.
package struct ProcessInstanceID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names an execution: a variable scope that is an instance, a sub-process, a multi-instance body, an iteration or a
/// resting token.
package struct ExecutionID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
    package init(_ instance: ProcessInstanceID) { rawValue = instance.rawValue }
}

/// Names an external task; it is also the execution id of its token.
package struct ExternalTaskID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
    /// The variable scope of the task.
    package var execution: ExecutionID { ExecutionID(rawValue) }
}

/// Names a user task; it is also the execution id of its token.
package struct UserTaskID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
    /// The variable scope of the task.
    package var execution: ExecutionID { ExecutionID(rawValue) }
}

/// Names a variable.
package struct VariableID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names the wait for a message or signal.
package struct SubscriptionID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names a signal that was thrown.
package struct SignalID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names an incident.
package struct IncidentID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names an entry of the external-task log.
package struct LogEntryID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names a batch.
package struct BatchID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names a job.
package struct JobID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names what jobs of one kind and origin have in common.
package struct JobDefinitionID: Identifier {
    package let rawValue: UUID
    package init(_ uuid: UUID) { rawValue = uuid }
}

/// Names a process definition: `key:version:uuid`, or only the UUID where that would exceed 64 characters.
package struct DefinitionID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ text: String) { rawValue = text }
    package var description: String { rawValue }
}

/// Names one run through an activity, as clients see it: `activityId:uuid`, or only the UUID where that would exceed
/// 64 characters; of a process instance its own id.
package struct ActivityInstanceID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ text: String) { rawValue = text }
    package init(_ instance: ProcessInstanceID) { rawValue = instance.description }
    package var description: String { rawValue }
}
