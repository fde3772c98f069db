extension ProcessReader {
    /// Reads one flow node; what cannot run is reported and stands in the model as a task.
    mutating func read(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode {
        let element = node.element
        checkCommon(node)
        let kind = try kind(of: node)
        let multiInstance = try multiInstance(of: node)
        let mapping = try mapping(of: node, isMultiInstance: multiInstance != nil)
        return FlowNode(
            id: node.id,
            name: element["name"],
            kind: kind ?? .passThroughTask,
            activityType: activityType(element, kind),
            scope: node.scope,
            multiInstance: multiInstance,
            mapping: mapping,
            extensionProperties: extensionProperties(of: element)
        )
    }

    /// What a node does; nil when it cannot run, which has been reported.
    private mutating func kind(of node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        switch node.element.name.local {
        case "startEvent": return try startEvent(node)
        case "endEvent": return try endEvent(node)
        case "intermediateThrowEvent": return try throwEvent(node)
        case "intermediateCatchEvent": return try catchEvent(node)
        case "boundaryEvent": return try boundaryEvent(node)
        case "task", "manualTask": return .passThroughTask
        case "userTask": return .userTask(try userTask(node))
        case "serviceTask", "sendTask", "businessRuleTask": return try serviceLike(node.element, in: node)
        case "exclusiveGateway": return .exclusiveGateway
        case "parallelGateway": return .parallelGateway
        case "eventBasedGateway": return .eventBasedGateway
        case "subProcess" where !node.element.flag("triggeredByEvent"):
            return .subProcess(node.inside ?? .process)
        case "callActivity": checkCallActivity(node)
        case "receiveTask": return try receiveTask(node)
        default: break
        }
        problems.unsupported("\(elementLabel(node)) '\(node.id)'", at: node.element, about: node.id)
        return nil
    }

    private func activityType(_ element: ModelElement, _ kind: FlowNode.Kind?) -> String {
        switch (element.name.local, kind) {
        case ("endEvent", .noneEndEvent):
            element.children.contains(where: \.isEventDefinition) ? "endEvent" : "noneEndEvent"
        case ("endEvent", .errorEndEvent): "errorEndEvent"
        case ("endEvent", .terminateEndEvent): "terminateEndEvent"
        case ("endEvent", .externalTask): "messageEndEvent"
        case ("endEvent", .signalEndEvent): "signalEndEvent"
        case ("intermediateThrowEvent", .signalThrowEvent): "intermediateSignalThrow"
        case ("intermediateThrowEvent", .externalTask): "intermediateMessageThrowEvent"
        case ("intermediateThrowEvent", _): "intermediateNoneThrowEvent"
        case ("startEvent", .triggeredStartEvent(let trigger)): "\(trigger.kind.rawValue)StartEvent"
        case ("intermediateCatchEvent", .catchEvent(let trigger)): "intermediate\(trigger.kind.capitalized)Catch"
        case ("boundaryEvent", .boundaryEvent(let trigger, attachedTo: _, isInterrupting: _)):
            "boundary\(trigger.kind.capitalized)"
        case ("boundaryEvent", _): "boundaryError"
        default: element.name.local
        }
    }

    private func elementLabel(_ node: DeclaredNode) -> String {
        switch node.element.name.local {
        case "subProcess": "Event sub-process"
        case "transaction": "Transaction"
        case "adHocSubProcess": "Ad-hoc sub-process"
        case "callActivity": "Call activity"
        case "scriptTask": "Script task"
        case "inclusiveGateway": "Inclusive gateway"
        case "complexGateway": "Complex gateway"
        default: "Element \(node.element.name.local)"
        }
    }

    /// `camunda:properties` in document order; of two with one name the later value counts.
    private func extensionProperties(of element: ModelElement) -> [ExtensionProperty] {
        var result: [ExtensionProperty] = []
        var places: [String: Int] = [:]
        for property in element.extensions("properties").flatMap({ $0.camundaChildren("property") }) {
            guard let name = property["name"] ?? property.id else { continue }
            if let known = places[name] {
                result[known].value = property["value"]
            } else {
                places[name] = result.count
                result.append(ExtensionProperty(name: name, value: property["value"]))
            }
        }
        return result
    }

    // MARK: What every node may carry

    private func checkCommon(_ node: DeclaredNode) {
        let element = node.element
        checkListeners(of: element, id: node.id)
        checkPriority("jobPriority", of: element, id: node.id)
        checkAsync(element, node)
        if element.first("eventDefinitionRef") != nil {
            problems.unsupported("An event definition by reference in '\(node.id)'", at: element, about: node.id)
        }
        if element.children.count(where: \.isEventDefinition) > 1 {
            problems.unsupported("More than one event definition in '\(node.id)'", at: element, about: node.id)
        }
        if element.flag("isForCompensation") {
            problems.unsupported("isForCompensation on '\(node.id)'", at: element, about: node.id)
        }
        if let loop = element.first("standardLoopCharacteristics") {
            problems.unsupported("standardLoopCharacteristics of '\(node.id)'", at: loop, about: node.id)
        }
        if element[camunda: "initiator"] != nil {
            problems.unsupported("camunda:initiator of '\(node.id)'", at: element, about: node.id)
        }
        if element.name.local != "callActivity" { checkForm(element, node) }
    }

    func checkAsync(_ element: ModelElement, _ node: DeclaredNode) {
        for attribute in ["asyncBefore", "asyncAfter", "async"] where element.flag(camunda: attribute) {
            if attribute == "asyncAfter" {
                if element.name.local == "eventBasedGateway" {
                    problems.error(
                        "'asyncAfter' is not allowed on an event-based gateway",
                        at: element,
                        about: [node.id]
                    )
                }
                if sourcesOfNamelessFlows.contains(node.id) {
                    let message =
                        "A sequence flow out of '\(node.id)' must have an id, for the activity uses 'asyncAfter'"
                    problems.error(message, at: nil, about: [node.id])
                    continue
                }
            }
            problems.unsupported("camunda:\(attribute) on '\(node.id)'", at: element, about: node.id)
        }
    }

    /// Execution and task listeners: their own rules first, then that none is run.
    func checkListeners(of element: ModelElement, id: String?) {
        let ids = id.map { [$0] } ?? []
        let listeners = element.extensions("executionListener") + element.extensions("taskListener")
        for listener in listeners {
            let isTaskListener = listener.name.local == "taskListener"
            let event = listener["event"] ?? ""
            let known: Set =
                isTaskListener
                ? ["create", "assignment", "complete", "update", "delete", "timeout"]
                : element.name.local == "sequenceFlow" ? ["take", ""] : ["start", "end"]
            if !known.contains(event) {
                problems.error("A listener for event '\(event)' is not possible here", at: listener, about: ids)
            }
            let kinds = ["class", "expression", "delegateExpression"].filter { listener[$0] != nil }
            if let empty = kinds.first, listener[empty]?.isEmpty == true {
                problems.error("Attribute '\(empty)' cannot be empty", at: listener, about: ids)
            } else if kinds.isEmpty, listener.camundaChildren("script").isEmpty {
                let message = "A listener needs one of class, expression, delegateExpression and script"
                problems.error(message, at: listener, about: ids)
            }
            let kind = isTaskListener ? "Task" : "Execution"
            problems.unsupported("\(kind) listener of '\(id ?? "")'", at: listener, about: id)
        }
    }

    /// Forms concern only those who fill them in, but their own rules hold.
    private func checkForm(_ element: ModelElement, _ node: DeclaredNode) {
        if element[camunda: "formKey"] != nil, element[camunda: "formRef"] != nil {
            problems.error("Only one of the attributes formKey and formRef is allowed", at: element, about: [node.id])
        }
        if element[camunda: "formRef"] != nil, let binding = element[camunda: "formRefBinding"],
            !["deployment", "latest", "version"].contains(binding)
        {
            let message = "'\(binding)' is not a valid formRefBinding: deployment, latest or version"
            problems.error(message, at: element, about: [node.id])
        }
        for field in element.extensions("formData").flatMap({ $0.camundaChildren("formField") }) {
            if field.id == nil { problems.error("A form field must have an id", at: field) }
            if (field["type"] ?? "").isEmpty { problems.error("A form field must have a 'type' attribute", at: field) }
        }
    }
}

extension EventTrigger.Kind {
    /// As it stands inside activity types.
    fileprivate var capitalized: String {
        switch self {
        case .message: "Message"
        case .signal: "Signal"
        }
    }
}
