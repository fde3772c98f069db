package import Expressions

/// Who has a thrown signal, and would get it again if it were given to all once more.
package enum SignalReceiver: Sendable, Hashable {
    /// A subscription that stays when the signal has come.
    case subscription(SubscriptionID)
    /// A start event of a definition.
    case startEvent(String, of: DefinitionID)
}

/// A signal that a process has thrown.
///
/// Who waits for it in the same tree has it already; those of other trees shall get it.
package struct ThrownSignal: Sendable, Hashable {
    package var id: SignalID
    package var name: String
    /// The tree that threw it.
    package var root: ProcessInstanceID
    /// The definition that threw it; its tenant says who may get it.
    package var definition: DefinitionID
    /// Who began to wait later does not get it.
    package var time: Instant

    package init(
        id: SignalID,
        name: String,
        root: ProcessInstanceID,
        definition: DefinitionID,
        time: Instant
    ) {
        self.id = id
        self.name = name
        self.root = root
        self.definition = definition
        self.time = time
    }
}
