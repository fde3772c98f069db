/// The part of the BPMN 2.0 schema that models are checked with: definitions, processes and all that is inside.
///
/// Collaborations, choreographies and conversations are documentation for the engine; their insides are not checked.
enum BPMNSchema {
    static let flowNodes: Set = [
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "implicitThrowEvent", "task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess", "exclusiveGateway",
        "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway", "choreographyTask",
        "callChoreography", "subChoreography",
    ]

    static let eventDefinitions: Set = [
        "cancelEventDefinition", "compensateEventDefinition", "conditionalEventDefinition", "errorEventDefinition",
        "escalationEventDefinition", "linkEventDefinition", "messageEventDefinition", "signalEventDefinition",
        "terminateEventDefinition", "timerEventDefinition",
    ]

    /// The type of a BPMN element with this name; nil for those that are not checked inside.
    static func type(of name: String) -> SchemaType? { types[name] }

    /// The type that `xsi:type` can give an expression.
    static let formalExpression = expression.extended(text: ["language"], names: ["evaluatesToTypeRef"])

    /// What stands for elements of the diagram namespace in particles.
    static let diagram = "{DI}BPMNDiagram"

    private static let flowElements = flowNodes.union([
        "sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference",
    ])
    private static let artifacts: Set = ["association", "group", "textAnnotation"]
    private static let roles: Set = ["resourceRole", "performer", "humanPerformer", "potentialOwner"]
    private static let roots = eventDefinitions.union([
        "category", "choreography", "collaboration", "correlationProperty", "dataStore", "endPoint", "error",
        "escalation", "globalBusinessRuleTask", "globalChoreographyTask", "globalConversation", "globalManualTask",
        "globalScriptTask", "globalTask", "globalUserTask", "interface", "itemDefinition", "message", "partnerEntity",
        "partnerRole", "process", "resource", "signal",
    ])

    // Types that others build on.

    private static let base = SchemaType(
        attributes: ["id": .init(value: .id)],
        content: .elements([.many("documentation"), .optional("extensionElements")])
    )
    private static let expression = base.mixed
    private static let named = base.extended(text: ["name"])
    private static let flowElement = named.extended([
        .optional("auditing"), .optional("monitoring"), .many("categoryValueRef"),
    ])
    private static let flowNode = flowElement.extended([.many("incoming"), .many("outgoing")])
    private static let activity = flowNode.extended(
        [
            .optional("ioSpecification"), .many("property"), .many("dataInputAssociation"),
            .many("dataOutputAssociation"), .many(roles),
            .optional("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
        ],
        booleans: ["isForCompensation"],
        integers: ["startQuantity", "completionQuantity"],
        references: ["default"]
    )
    private static let service = activity.extended(text: ["implementation"], names: ["operationRef"])
    private static let event = flowNode.extended([.many("property")])
    private static let catchEvent = event.extended(
        [
            .many("dataOutput"), .many("dataOutputAssociation"), .optional("outputSet"), .many(eventDefinitions),
            .many("eventDefinitionRef"),
        ],
        booleans: ["parallelMultiple"]
    )
    private static let throwEvent = event.extended([
        .many("dataInput"), .many("dataInputAssociation"), .optional("inputSet"), .many(eventDefinitions),
        .many("eventDefinitionRef"),
    ])
    private static let gateway = flowNode.extended(
        choices: ["gatewayDirection": ["Unspecified", "Converging", "Diverging", "Mixed"]])
    private static let subProcess = activity.extended(
        [.many("laneSet"), .many(flowElements), .many(artifacts)],
        booleans: ["triggeredByEvent"]
    )
    private static let data = named.extended(
        [.optional("dataState")],
        names: ["itemSubjectRef"],
        booleans: ["isCollection"]
    )
    private static let dataAssociation = base.extended([
        .many("sourceRef"), .one("targetRef"), .optional("transformation"), .many("assignment"),
    ])
    private static let text = SchemaType(content: .anything, isMixed: true)
    private static let idReference = SchemaType(content: .value(.idReference))
    private static let name = SchemaType(content: .value(.name))

    private static let types: [String: SchemaType] = tasks.merging(events) { $1 }.merging(containers) { $1 }
        .merging(definitions) { $1 }.merging(details) { $1 }

    private static let tasks: [String: SchemaType] = [
        "task": activity,
        "manualTask": activity,
        "userTask": activity.extended([.many("rendering")], text: ["implementation"]),
        "serviceTask": service,
        "sendTask": service.extended(names: ["messageRef"]),
        "receiveTask": service.extended(names: ["messageRef"], booleans: ["instantiate"]),
        "businessRuleTask": activity.extended(text: ["implementation"]),
        "scriptTask": activity.extended([.optional("script")], text: ["scriptFormat"]),
        "callActivity": activity.extended(text: ["calledElement"]),
        "exclusiveGateway": gateway.extended(references: ["default"]),
        "inclusiveGateway": gateway.extended(references: ["default"]),
        "parallelGateway": gateway,
        "complexGateway": gateway.extended([.optional("activationCondition")], references: ["default"]),
        "eventBasedGateway": gateway.extended(
            booleans: ["instantiate"],
            choices: ["eventGatewayType": ["Exclusive", "Parallel"]]
        ),
        "sequenceFlow": flowElement.extended(
            [.optional("conditionExpression")],
            booleans: ["isImmediate"],
            references: ["sourceRef", "targetRef"],
            required: ["sourceRef", "targetRef"]
        ),
        "dataObject": flowElement.extended(
            [.optional("dataState")],
            names: ["itemSubjectRef"],
            booleans: ["isCollection"]
        ),
        "dataObjectReference": flowElement.extended(
            [.optional("dataState")],
            names: ["itemSubjectRef"],
            references: ["dataObjectRef"]
        ),
        "dataStoreReference": flowElement.extended(
            [.optional("dataState")],
            names: ["itemSubjectRef", "dataStoreRef"]
        ),
    ]

    private static let events: [String: SchemaType] = [
        "startEvent": catchEvent.extended(booleans: ["isInterrupting"]),
        "intermediateCatchEvent": catchEvent,
        "boundaryEvent": catchEvent.extended(
            names: ["attachedToRef"],
            booleans: ["cancelActivity"],
            required: ["attachedToRef"]
        ),
        "intermediateThrowEvent": throwEvent,
        "implicitThrowEvent": throwEvent,
        "endEvent": throwEvent,
        "cancelEventDefinition": base,
        "terminateEventDefinition": base,
        "compensateEventDefinition": base.extended(names: ["activityRef"], booleans: ["waitForCompletion"]),
        "conditionalEventDefinition": base.extended([.one("condition")]),
        "errorEventDefinition": base.extended(names: ["errorRef"]),
        "escalationEventDefinition": base.extended(names: ["escalationRef"]),
        "linkEventDefinition": base.extended(
            [.many("source"), .optional("target")],
            text: ["name"],
            required: ["name"]
        ),
        "messageEventDefinition": base.extended([.optional("operationRef")], names: ["messageRef"]),
        "signalEventDefinition": base.extended(names: ["signalRef"]),
        "timerEventDefinition": base.extended([.optional("timeDate", "timeDuration", "timeCycle")]),
    ]

    private static let containers: [String: SchemaType] = [
        "definitions": SchemaType(
            attributes: ["id": .init(value: .id)],
            content: .elements([
                .many("import"), .many("extension"), .many(roots), .many(diagram), .many("relationship"),
            ])
        )
        .extended(
            text: [
                "name", "targetNamespace", "expressionLanguage", "typeLanguage", "exporter", "exporterVersion",
            ],
            required: ["targetNamespace"]
        ),
        "process": named.extended(
            [
                .many("supportedInterfaceRef"), .optional("ioSpecification"), .many("ioBinding"), .optional("auditing"),
                .optional("monitoring"), .many("property"), .many("laneSet"), .many(flowElements), .many(artifacts),
                .many(roles), .many("correlationSubscription"), .many("supports"),
            ],
            names: ["definitionalCollaborationRef"],
            booleans: ["isClosed", "isExecutable"],
            choices: ["processType": ["None", "Public", "Private"]]
        ),
        "subProcess": subProcess,
        "transaction": subProcess.extended(text: ["method"]),
        "adHocSubProcess": subProcess.extended(
            [.optional("completionCondition")],
            booleans: ["cancelRemainingInstances"],
            choices: ["ordering": ["Parallel", "Sequential"]]
        ),
        "laneSet": named.extended([.many("lane")]),
        "childLaneSet": named.extended([.many("lane")]),
        "lane": named.extended(
            [.optional("partitionElement"), .many("flowNodeRef"), .optional("childLaneSet")],
            names: ["partitionElementRef"]
        ),
    ]

    private static let definitions: [String: SchemaType] = [
        "import": SchemaType().extended(
            text: ["namespace", "location", "importType"],
            required: ["namespace", "location", "importType"]
        ),
        "error": named.extended(text: ["errorCode", "errorMessage"], names: ["structureRef"]),
        "escalation": named.extended(text: ["escalationCode"], names: ["structureRef"]),
        "message": named.extended(names: ["itemRef"]),
        "signal": named.extended(names: ["structureRef"]),
        "itemDefinition": base.extended(
            names: ["structureRef"],
            booleans: ["isCollection"],
            choices: ["itemKind": ["Information", "Physical"]]
        ),
        "category": named.extended([.many("categoryValue")]),
        "categoryValue": base.extended(text: ["value"]),
        "dataStore": named.extended(
            [.optional("dataState")],
            names: ["itemSubjectRef"],
            booleans: ["isUnlimited"],
            integers: ["capacity"]
        ),
        "resource": named.extended([.many("resourceParameter")], required: ["name"]),
        "interface": named.extended([.some("operation")], names: ["implementationRef"], required: ["name"]),
        "operation": named.extended(
            [.one("inMessageRef"), .optional("outMessageRef"), .many("errorRef")],
            names: ["implementationRef"],
            required: ["name"]
        ),
    ]

    private static let details: [String: SchemaType] = [
        "documentation": SchemaType(attributes: ["id": .init(value: .id)], content: .anything, isMixed: true)
            .extended(text: ["textFormat"]),
        "text": text,
        "script": text,
        "extensionElements": SchemaType(content: .extensions),
        "auditing": base, "monitoring": base, "rendering": base, "partitionElement": base,
        "incoming": name, "outgoing": name, "eventDefinitionRef": name, "categoryValueRef": name, "operationRef": name,
        "loopDataInputRef": name, "loopDataOutputRef": name, "supports": name, "supportedInterfaceRef": name,
        "flowNodeRef": idReference, "dataInputRefs": idReference, "optionalInputRefs": idReference,
        "whileExecutingInputRefs": idReference, "outputSetRefs": idReference, "dataOutputRefs": idReference,
        "optionalOutputRefs": idReference, "whileExecutingOutputRefs": idReference, "inputSetRefs": idReference,
        "conditionExpression": expression, "condition": expression, "completionCondition": expression,
        "loopCardinality": expression, "loopCondition": expression, "timeDate": expression, "timeDuration": expression,
        "timeCycle": expression, "from": expression, "to": expression, "activationCondition": expression,
        "expression": expression, "formalExpression": formalExpression, "transformation": formalExpression,
        "association": base.extended(
            names: ["sourceRef", "targetRef"],
            choices: ["associationDirection": ["None", "One", "Both"]],
            required: ["sourceRef", "targetRef"]
        ),
        "group": base.extended(names: ["categoryValueRef"]),
        "textAnnotation": base.extended([.optional("text")], text: ["textFormat"]),
        "property": named.extended([.optional("dataState")], names: ["itemSubjectRef"]),
        "dataState": named,
        "dataInput": data, "dataOutput": data, "inputDataItem": data, "outputDataItem": data,
        "dataInputAssociation": dataAssociation, "dataOutputAssociation": dataAssociation,
        "assignment": base.extended([.one("from"), .one("to")]),
        "ioSpecification": base.extended([
            .many("dataInput"), .many("dataOutput"), .some("inputSet"), .some("outputSet"),
        ]),
        "inputSet": named.extended([
            .many("dataInputRefs"), .many("optionalInputRefs"), .many("whileExecutingInputRefs"),
            .many("outputSetRefs"),
        ]),
        "outputSet": named.extended([
            .many("dataOutputRefs"), .many("optionalOutputRefs"), .many("whileExecutingOutputRefs"),
            .many("inputSetRefs"),
        ]),
        "resourceRole": role, "performer": role, "humanPerformer": role, "potentialOwner": role,
        "resourceAssignmentExpression": base.extended([
            .init(names: ["expression", "formalExpression"], isRequired: true)
        ]),
        "standardLoopCharacteristics": base.extended(
            [.optional("loopCondition")],
            booleans: ["testBefore"],
            integers: ["loopMaximum"]
        ),
        "multiInstanceLoopCharacteristics": base.extended(
            [
                .optional("loopCardinality"), .optional("loopDataInputRef"), .optional("loopDataOutputRef"),
                .optional("inputDataItem"), .optional("outputDataItem"), .many("complexBehaviorDefinition"),
                .optional("completionCondition"),
            ],
            names: ["oneBehaviorEventRef", "noneBehaviorEventRef"],
            booleans: ["isSequential"],
            choices: ["behavior": ["None", "One", "All", "Complex"]]
        ),
    ]

    private static let role = named.extended([
        .optional("resourceRef"), .many("resourceParameterBinding"), .optional("resourceAssignmentExpression"),
    ])
}
