import Expressions

extension ProcessReader {
    /// A start event: plain ones and those of a process with a message or signal run, others are reported, and all keep
    /// the rules of their level.
    mutating func startEvent(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let level = levels[node.scope.value]
        guard level.node != nil else {
            let order = ["timer", "message", "signal", "conditional"]
            guard let definition = try definition(of: node, in: order) else {
                return runsPlain(node, "start event", .noneStartEvent)
            }
            checkTrigger(definition, of: node, owner: "", isProcessStart: true)
            if let trigger = try trigger(definition, at: node) {
                guard !trigger.name.isLiteral else { return .triggeredStartEvent(trigger) }
                problems.unsupported(
                    "An expression in the \(trigger.kind.rawValue) name of '\(node.id)'",
                    at: node.element,
                    about: node.id
                )
                return nil
            }
            unsupportedEvent("start event", node)
            return nil
        }
        guard level.isEventSubProcess else { return try plainSubProcessStart(node) }
        let order = ["error", "message", "signal", "timer", "compensate", "escalation", "conditional"]
        guard let definition = try definition(of: node, in: order) else {
            let message = "The start event of an event sub-process must have an event definition"
            problems.error(message, at: node.element, about: [node.id])
            return nil
        }
        let parent = level.parent ?? .process
        let kind = definition.name.local
        if kind == "errorEventDefinition", node.element["isInterrupting"] == "false" {
            problems.error("An error start event is always interrupting", at: node.element, about: [node.id])
        }
        if kind == "compensateEventDefinition", parent == .process {
            let message = "A compensation start event is possible only in an embedded sub-process's event sub-process"
            problems.error(message, at: node.element, about: [node.id])
        }
        let owner = levels[parent.value].node.map { declared[$0.value].id } ?? ""
        checkTrigger(definition, of: node, owner: owner)
        return nil  // Its sub-process has been reported.
    }

    private func plainSubProcessStart(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let kinds = ["message", "timer", "error", "signal", "escalation", "compensate", "conditional"]
        var isPlain = true
        for kind in kinds {
            guard let definition = try definition(of: node, in: [kind]) else { continue }
            let message = "\(definition.name.local) is not allowed on the start event of a sub-process"
            problems.error(message, at: definition, about: [node.id])
            isPlain = false
        }
        return isPlain ? .noneStartEvent : nil
    }

    /// The events where a token ends.
    func endEvent(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let order = ["error", "cancel", "terminate", "message", "signal", "compensate", "escalation"]
        guard let definition = try definition(of: node, in: order) else {
            return runsPlain(node, "end event", .noneEndEvent)
        }
        switch definition.name.local {
        case "errorEventDefinition": return errorEnd(definition, node)
        case "terminateEventDefinition": return .terminateEndEvent
        case "messageEventDefinition" where isServiceLike(definition): return try serviceLike(definition, in: node)
        case "messageEventDefinition": return .noneEndEvent
        case "cancelEventDefinition":
            if levels[node.scope.value].element.name.local != "transaction" {
                problems.error("A cancel end event is possible only in a transaction", at: definition, about: [node.id])
            }
        default:
            checkThrown(definition, of: node)
            if let name = try thrownSignal(definition, at: node) { return .signalEndEvent(name) }
        }
        unsupportedEvent("end event", node)
        return nil
    }

    private func errorEnd(_ definition: ModelElement, _ node: DeclaredNode) -> FlowNode.Kind? {
        guard let reference = definition["errorRef"], !reference.isEmpty else {
            problems.error("'errorRef' is mandatory on an error end event", at: definition, about: [node.id])
            return nil
        }
        guard let known = shared.errors[reference] else {
            return .errorEndEvent(ThrownError(code: reference, message: nil))
        }
        guard let code = known.code, !code.isEmpty else {
            let message = "'errorCode' is mandatory on errors that are thrown, but error '\(reference)' has none"
            problems.error(message, at: definition, about: [node.id])
            return nil
        }
        return .errorEndEvent(ThrownError(code: code, message: known.message))
    }

    /// Intermediate events that a token passes: without a definition, or with a message that only a worker sends.
    func throwEvent(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let order = ["link", "signal", "compensate", "message", "escalation"]
        guard let definition = try definition(of: node, in: order) else {
            return runsPlain(node, "intermediate throw event", .passThroughTask)
        }
        if definition.name.local == "messageEventDefinition" {
            return isServiceLike(definition) ? try serviceLike(definition, in: node) : .passThroughTask
        }
        if definition.name.local == "linkEventDefinition" { checkLinkThrow(definition, node) }
        checkThrown(definition, of: node)
        if let name = try thrownSignal(definition, at: node) { return .signalThrowEvent(name) }
        unsupportedEvent("intermediate throw event", node)
        return nil
    }

    /// Intermediate events that wait: those for messages and signals run, others are reported.
    mutating func catchEvent(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let order = ["timer", "signal", "message", "link", "conditional"]
        if let definition = try definition(of: node, in: order) {
            checkTrigger(definition, of: node, owner: node.id)
            if definition.name.local == "linkEventDefinition" { checkLinkCatch(definition, node) }
            if let trigger = try trigger(definition, at: node) { return .catchEvent(trigger) }
        } else {
            problems.error("An intermediate catch event needs an event definition", at: node.element, about: [node.id])
        }
        unsupportedEvent("intermediate catch event", node)
        return nil
    }

    /// Events on the border of an activity: those for errors, messages and signals run, others are reported.
    mutating func boundaryEvent(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let element = node.element
        let order = ["timer", "error", "signal", "cancel", "compensate", "message", "escalation", "conditional"]
        let definition = try definition(of: node, in: order)
        if definition == nil {
            problems.error("A boundary event needs an event definition", at: element, about: [node.id])
        }
        let reference = element["attachedToRef"]?.trimmed.withoutPrefix
        guard let host = self.node(reference, in: node.scope) else {
            let message =
                "Boundary event '\(node.id)' is attached to '\(reference ?? "")', which is no activity beside it"
            problems.error(message, at: element, about: [node.id])
            return nil
        }
        guard declared[host.value].element.isActivity else {
            problems.error("A boundary event can only be attached to an activity", at: element, about: [node.id])
            return nil
        }
        guard let definition else { return nil }
        guard definition.name.local == "errorEventDefinition" else {
            checkTrigger(definition, of: node, owner: declared[host.value].id)
            checkBoundary(definition, of: node, on: declared[host.value])
            if let trigger = try trigger(definition, at: node) {
                let isInterrupting = element["cancelActivity"].map { $0.trimmed.lowercased() != "false" } ?? true
                return .boundaryEvent(trigger, attachedTo: host, isInterrupting: isInterrupting)
            }
            unsupportedEvent("boundary event", node)
            return nil
        }
        return .boundaryErrorEvent(caughtError(definition), attachedTo: host)
    }

    /// An error that is defined without a code stands for all; an unknown reference is itself the code.
    private func caughtError(_ definition: ModelElement) -> CaughtError {
        var code = definition["errorRef"]
        if let reference = code, let known = shared.errors[reference] { code = known.code }
        return CaughtError(
            code: code,
            codeVariable: definition[camunda: "errorCodeVariable"],
            messageVariable: definition[camunda: "errorMessageVariable"]
        )
    }

    // MARK: Event definitions

    /// The name of the signal that an event with this definition throws; nil when it throws none that the file names.
    private func thrownSignal(_ definition: ModelElement, at node: DeclaredNode) throws(ModelRejection) -> Expression? {
        guard let trigger = try trigger(definition, at: node), trigger.kind == .signal else { return nil }
        if let passed = definition.extensions("in").first {
            problems.unsupported("camunda:in of the signal of '\(node.id)'", at: passed, about: node.id)
        }
        return trigger.name
    }

    /// What an event with this definition waits for; nil when it is neither a message nor a signal that the file names.
    private func trigger(_ definition: ModelElement, at node: DeclaredNode) throws(ModelRejection) -> EventTrigger? {
        switch definition.name.local {
        case "messageEventDefinition":
            guard let name = definition["messageRef"].flatMap({ shared.message($0) ?? nil }) else { return nil }
            return EventTrigger(kind: .message, name: try .reading(name, at: definition))
        case "signalEventDefinition":
            guard let name = definition["signalRef"].flatMap(shared.signal) else { return nil }
            return EventTrigger(kind: .signal, name: try .reading(name, at: definition))
        default: return nil
        }
    }

    /// The definition that counts: the first in this order of kinds, wherever it stands.
    ///
    /// - Throws: ``ModelRejection/unreadable(_:)`` when two definitions are of one kind.
    private func definition(of node: DeclaredNode, in order: [String]) throws(ModelRejection) -> ModelElement? {
        for kind in order {
            let found = node.element.all("\(kind)EventDefinition")
            if let second = found.dropFirst().first {
                let message = "Event '\(node.id)' has more than one \(second.name.local)"
                throw .unreadable(Diagnostic(message, at: second, about: [node.id]))
            }
            if let only = found.first { return only }
        }
        return nil
    }

    /// What an event does when it has no definition that counts at its place; one with another is reported.
    private func runsPlain(_ node: DeclaredNode, _ place: String, _ kind: FlowNode.Kind) -> FlowNode.Kind? {
        guard node.element.children.contains(where: \.isEventDefinition) else { return kind }
        unsupportedEvent(place, node)
        return nil
    }

    private func isServiceLike(_ definition: ModelElement) -> Bool {
        let attributes = ["class", "expression", "delegateExpression", "type"]
        return attributes.contains { definition[camunda: $0] != nil } || !definition.extensions("connector").isEmpty
    }

    private func unsupportedEvent(_ place: String, _ node: DeclaredNode) {
        let definition = node.element.children.first { $0.isEventDefinition }?.name.local ?? ""
        let kind = definition.replacing("EventDefinition", with: "")
        let label = kind.isEmpty ? place : "\(kind) \(place)"
        problems.unsupported(
            "\(label.prefix(1).uppercased())\(label.dropFirst()) '\(node.id)'",
            at: node.element,
            about: node.id
        )
    }
}

extension ModelElement {
    var isEventDefinition: Bool { bpmnName.map(BPMNSchema.eventDefinitions.contains) ?? false }

    /// Whether this is a task, a sub-process or a call activity.
    var isActivity: Bool {
        guard let name = bpmnName else { return false }
        return name == "task" || name.hasSuffix("Task")
            || ["subProcess", "transaction", "adHocSubProcess", "callActivity"].contains(name)
    }
}
