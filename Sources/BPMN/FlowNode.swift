package import Expressions

/// An event, activity or gateway of a process.
package struct FlowNode: Sendable {
    package var id: String
    package var name: String?
    package var kind: Kind
    /// The process or sub-process that the node stands in.
    package var scope: FlowScopeIndex
    /// Number of incoming sequence flows: how many tokens a parallel join waits for.
    package var incomingCount: Int
    /// Outgoing sequence flows in document order.
    package var outgoing: [FlowIndex]
    /// The flow named by `default`: taken only when no other is.
    package var defaultFlow: FlowIndex?
    package var multiInstance: MultiInstance?
    /// `camunda:inputOutput`; nil when absent.
    package var mapping: InputOutputMapping?
    /// Boundary events attached to this activity, in document order.
    package var boundaryEvents: [NodeIndex]
    /// `camunda:properties` in document order; a repeated name: the last wins; a property without value is nil.
    package var extensionProperties: [ExtensionProperty]

    package enum Kind: Sendable {
        case noneStartEvent
        /// Starts a process when its message or signal comes.
        case triggeredStartEvent(EventTrigger)
        case noneEndEvent
        case errorEndEvent(ThrownError)
        case terminateEndEvent
        /// `task` and `manualTask`: passed through, recorded in history.
        case passThroughTask
        case externalTask(ExternalTaskDefinition)
        case userTask(UserTaskDefinition)
        /// Gives a signal to all who wait for its name, which is evaluated when it is thrown.
        case signalThrowEvent(Expression)
        case signalEndEvent(Expression)
        case exclusiveGateway
        case parallelGateway
        /// Waits for the first of the catch events that it leads to.
        case eventBasedGateway
        /// An embedded sub-process and the scope of its inside.
        case subProcess(FlowScopeIndex)
        case boundaryErrorEvent(CaughtError, attachedTo: NodeIndex)
        /// A receive task; without a message it waits for a call that names its execution.
        case receiveTask(EventTrigger?)
        case catchEvent(EventTrigger)
        case boundaryEvent(EventTrigger, attachedTo: NodeIndex, isInterrupting: Bool)
    }

    /// What the node itself waits for, if it does.
    package var trigger: EventTrigger? {
        switch kind {
        case .triggeredStartEvent(let trigger), .catchEvent(let trigger),
            .boundaryEvent(let trigger, attachedTo: _, isInterrupting: _):
            trigger
        case .receiveTask(let trigger): trigger
        case .noneStartEvent, .noneEndEvent, .errorEndEvent, .terminateEndEvent, .passThroughTask, .externalTask,
            .userTask, .signalThrowEvent, .signalEndEvent, .exclusiveGateway, .parallelGateway, .eventBasedGateway,
            .subProcess, .boundaryErrorEvent:
            nil
        }
    }

    /// The activity type in history and in the activity-instance tree: `startEvent`, `noneEndEvent`, `errorEndEvent`,
    /// `terminateEndEvent`, `task`, `manualTask`, `serviceTask`, `sendTask`, `businessRuleTask`,
    /// `intermediateMessageThrowEvent`, `messageEndEvent`, `userTask`, `exclusiveGateway`, `parallelGateway`,
    /// `subProcess`, `boundaryError`, `receiveTask`, `messageStartEvent`, `signalStartEvent`, `intermediateMessageCatch`,
    /// `intermediateSignalCatch`, `boundaryMessage`, `boundarySignal`, `intermediateSignalThrow`, `signalEndEvent`,
    /// `eventBasedGateway`; and for message events without a worker, which do nothing, `endEvent` and
    /// `intermediateNoneThrowEvent`, the latter also for plain intermediate throw events (kind ``Kind/passThroughTask``).
    package var activityType: String

    package init(
        id: String,
        name: String? = nil,
        kind: Kind,
        activityType: String,
        scope: FlowScopeIndex,
        incomingCount: Int = 0,
        outgoing: [FlowIndex] = [],
        defaultFlow: FlowIndex? = nil,
        multiInstance: MultiInstance? = nil,
        mapping: InputOutputMapping? = nil,
        boundaryEvents: [NodeIndex] = [],
        extensionProperties: [ExtensionProperty] = []
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.activityType = activityType
        self.scope = scope
        self.incomingCount = incomingCount
        self.outgoing = outgoing
        self.defaultFlow = defaultFlow
        self.multiInstance = multiInstance
        self.mapping = mapping
        self.boundaryEvents = boundaryEvents
        self.extensionProperties = extensionProperties
    }
}

/// A `camunda:property`.
package struct ExtensionProperty: Sendable, Hashable {
    package var name: String
    package var value: String?

    package init(name: String, value: String?) {
        self.name = name
        self.value = value
    }
}

/// What a service-like element with `camunda:type="external"` asks of workers.
package struct ExternalTaskDefinition: Sendable {
    /// Evaluated when the activity is entered; must yield text or null.
    package var topic: Expression
    /// `camunda:taskPriority`; literals were checked to be whole numbers.
    package var priority: Expression?
    /// `camunda:errorEventDefinition` elements in document order.
    package var errorEvents: [ConditionalError]

    package init(topic: Expression, priority: Expression?, errorEvents: [ConditionalError]) {
        self.topic = topic
        self.priority = priority
        self.errorEvents = errorEvents
    }
}

/// A `camunda:errorEventDefinition` of an external task: throws its error when its expression is true.
package struct ConditionalError: Sendable {
    package var code: String
    /// Nil for an empty expression, which is never true.
    package var condition: Expression?

    package init(code: String, condition: Expression?) {
        self.code = code
        self.condition = condition
    }
}

/// What a user task shows people.
package struct UserTaskDefinition: Sendable {
    package var name: Expression?
    package var description: Expression?
    package var assignee: Expression?
    package var candidateUsers: Expression?
    package var candidateGroups: Expression?
    package var dueDate: Expression?
    package var followUpDate: Expression?
    package var priority: Expression?
    package var formKey: Expression?
    package var formReference: FormReferenceDefinition?

    package init() {}
}

/// The form of a user task by its key (`camunda:formRef`), and which version of it.
package struct FormReferenceDefinition: Sendable {
    package var key: Expression
    /// `deployment`, `latest` or `version`.
    package var binding: String?
    package var version: Expression?

    package init(key: Expression, binding: String?, version: Expression?) {
        self.key = key
        self.binding = binding
        self.version = version
    }
}

/// The error of an error end event.
package struct ThrownError: Sendable {
    package var code: String
    /// `camunda:errorMessage` of the error definition.
    package var message: Expression?

    package init(code: String, message: Expression?) {
        self.code = code
        self.message = message
    }
}

/// What an error boundary event catches.
package struct CaughtError: Sendable {
    /// Nil catches every error.
    package var code: String?
    package var codeVariable: String?
    package var messageVariable: String?

    package init(code: String?, codeVariable: String?, messageVariable: String?) {
        self.code = code
        self.codeVariable = codeVariable
        self.messageVariable = messageVariable
    }
}

/// What an event or a receive task waits for: a message or signal of a name.
package struct EventTrigger: Sendable {
    package var kind: Kind
    /// Evaluated when the wait begins; of a start event it is plain text.
    package var name: Expression

    /// The raw values are the contract's.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case message
        case signal
    }

    package init(kind: Kind, name: Expression) {
        self.kind = kind
        self.name = name
    }
}

/// `multiInstanceLoopCharacteristics`.
package struct MultiInstance: Sendable {
    package var isSequential: Bool
    package var cardinality: Expression?
    /// A variable name or an expression that yields a collection.
    package var collection: Collection?
    package var elementVariable: String?
    package var completionCondition: Expression?

    package enum Collection: Sendable {
        case variable(String)
        case expression(Expression)
    }

    package init(
        isSequential: Bool,
        cardinality: Expression?,
        collection: Collection?,
        elementVariable: String?,
        completionCondition: Expression?
    ) {
        self.isSequential = isSequential
        self.cardinality = cardinality
        self.collection = collection
        self.elementVariable = elementVariable
        self.completionCondition = completionCondition
    }
}

/// `camunda:inputOutput`.
package struct InputOutputMapping: Sendable {
    package var inputs: [Parameter]
    package var outputs: [Parameter]

    package struct Parameter: Sendable {
        package var name: String
        package var value: ParameterValue

        package init(name: String, value: ParameterValue) {
            self.name = name
            self.value = value
        }
    }

    package init(inputs: [Parameter], outputs: [Parameter]) {
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// The value of an input or output parameter.
package indirect enum ParameterValue: Sendable {
    /// An empty element.
    case null
    /// Text, one expression, or text with expressions.
    case expression(Expression)
    case list([ParameterValue])
    case map([(key: String, value: ParameterValue)])
}
