package import BPMN
package import EngineCore
package import EngineStore

/// A process definition with the process that was read from its model.
package struct DeployedDefinition: Sendable {
    /// What was written at deployment.
    ///
    /// Whether the definition is suspended now is not known here: a start reads it.
    package var record: DefinitionRecord
    package var definition: ProcessDefinition

    package var id: DefinitionID { record.id }

    package init(record: DefinitionRecord, definition: ProcessDefinition) {
        self.record = record
        self.definition = definition
    }
}

/// A definition in the database cannot be read by this binary: a newer one deployed it, or its row was tampered with.
package struct DefinitionUnreadable: Error, Sendable, CustomStringConvertible {
    package var id: DefinitionID
    package var reason: String

    package init(id: DefinitionID, reason: String) {
        self.id = id
        self.reason = reason
    }

    package var description: String {
        "Process definition '\(id)' cannot be read by this version of the engine: \(reason)"
    }
}
