/// What an event waits for, and whose scope it belongs to: none may exist twice.
struct Trigger: Hashable {
    var kind: String
    var name: String
    /// The id of the activity; empty for the process.
    var owner: String
}

extension ProcessReader {
    /// The rules of events that wait for something, also of those that do not run yet.
    ///
    /// `owner` is the id of the activity whose scope holds the subscription; it is empty for the process.
    mutating func checkTrigger(
        _ definition: ModelElement,
        of node: DeclaredNode,
        owner: String,
        isProcessStart: Bool = false
    ) {
        checkAsync(definition, node)
        switch definition.name.local {
        case "messageEventDefinition": checkMessage(definition, of: node, owner: owner, isProcessStart: isProcessStart)
        case "signalEventDefinition":
            guard let name = signalName(definition, node) else { return }
            subscribe(Trigger(kind: "signal", name: name, owner: owner), definition, node)
        case "conditionalEventDefinition":
            guard let text = definition.first("condition")?.text.trimmed, !text.isEmpty else {
                problems.error("A conditional event must contain a condition", at: definition, about: [node.id])
                return
            }
            subscribe(Trigger(kind: "conditional", name: text, owner: owner), node.element, node)
        case "timerEventDefinition":
            if ["timeDate", "timeDuration", "timeCycle"].allSatisfy({ definition.first($0) == nil }) {
                let message = "A timer needs timeDate, timeDuration or timeCycle"
                problems.error(message, at: definition, about: [node.id])
            }
        case "escalationEventDefinition": checkCaughtEscalation(definition, of: node, owner: owner)
        default: break
        }
    }

    private mutating func subscribe(_ trigger: Trigger, _ place: ModelElement, _ node: DeclaredNode) {
        guard !triggers.insert(trigger).inserted else { return }
        let message = "The same scope cannot wait twice for \(trigger.kind) '\(trigger.name)'"
        problems.error(message, at: place, about: [node.id])
    }

    private mutating func checkMessage(
        _ definition: ModelElement,
        of node: DeclaredNode,
        owner: String,
        isProcessStart: Bool
    ) {
        guard let reference = definition["messageRef"], !reference.isEmpty else {
            problems.error("A message event needs the attribute 'messageRef'", at: definition, about: [node.id])
            return
        }
        guard let message = shared.message(reference) else {
            problems.error("There is no message with the id '\(reference)'", at: definition, about: [node.id])
            return
        }
        guard let name = message, !name.isEmpty else {
            let text = "Cannot have a message event subscription with an empty or missing name"
            problems.error(text, at: definition, about: [node.id])
            return
        }
        if isProcessStart, name.contains("${") || name.contains("#{") {
            let text = "Message name '\(name)': expressions are not allowed for the start of a process"
            problems.error(text, at: definition, about: [node.id])
        }
        subscribe(Trigger(kind: "message", name: name, owner: owner), node.element, node)
    }

    private func signalName(_ definition: ModelElement, _ node: DeclaredNode) -> String? {
        guard let reference = definition["signalRef"], !reference.isEmpty else {
            problems.error("A signal event needs the attribute 'signalRef'", at: definition, about: [node.id])
            return nil
        }
        guard let name = shared.signal(reference) else {
            problems.error("There is no signal with the id '\(reference)'", at: definition, about: [node.id])
            return nil
        }
        return name
    }

    private mutating func checkCaughtEscalation(_ definition: ModelElement, of node: DeclaredNode, owner: String) {
        var code = ""
        if let reference = definition["escalationRef"], !reference.isEmpty {
            guard let known = shared.escalations[reference] else {
                problems.error("There is no escalation with the id '\(reference)'", at: definition, about: [node.id])
                return
            }
            code = known ?? ""
        }
        let place = node.element.name.local
        let key = Trigger(kind: "escalation", name: place, owner: owner)
        let others = caughtEscalations[key, default: []]
        caughtEscalations[key, default: []].insert(code)
        if others.contains(code) || others.contains("") || (code.isEmpty && !others.isEmpty) {
            let message = "The same scope cannot catch one escalation twice, nor all escalations beside one of them"
            problems.error(message, at: definition, about: [node.id])
        }
    }

    /// The rules of boundary events beyond their trigger.
    mutating func checkBoundary(_ definition: ModelElement, of node: DeclaredNode, on host: DeclaredNode) {
        let hostKind = host.element.name.local
        switch definition.name.local {
        case "escalationEventDefinition":
            let isPossible = ["subProcess", "transaction", "callActivity", "userTask"].contains(hostKind)
            if !isPossible {
                let message =
                    "An escalation boundary event is possible only on a sub-process, call activity or user task"
                problems.error(message, at: node.element, about: [node.id])
            }
        case "cancelEventDefinition":
            if hostKind != "transaction" {
                let message = "A cancel boundary event is possible only on a transaction"
                problems.error(message, at: definition, about: [node.id])
            }
            only(Trigger(kind: "cancel", name: "", owner: host.id), definition, node)
        case "compensateEventDefinition":
            only(Trigger(kind: "compensate", name: "", owner: host.id), definition, node)
            checkCompensationHandler(of: node)
        default: break
        }
    }

    private mutating func only(_ trigger: Trigger, _ definition: ModelElement, _ node: DeclaredNode) {
        guard !triggers.insert(trigger).inserted else { return }
        let message = "'\(trigger.owner)' has more than one boundary event of kind \(trigger.kind)"
        problems.error(message, at: definition, about: [node.id])
    }

    /// The association of a compensation boundary event must lead to a compensation handler.
    private func checkCompensationHandler(of node: DeclaredNode) {
        guard indexes[node.id].map({ declared[$0.value].element === node.element }) == true else { return }
        for association in associationsBySource[node.id, default: []] {
            guard let target = self.node(association["targetRef"], in: node.scope) else { continue }
            let element = declared[target.value].element
            if element.isActivity, !element.flag("isForCompensation") {
                let message = "A compensation boundary event must lead to an element with isForCompensation=\"true\""
                problems.error(message, at: association, about: [node.id])
            }
        }
    }

    /// The rules of events that throw something, also of those that do not run yet.
    func checkThrown(_ definition: ModelElement, of node: DeclaredNode) {
        checkAsync(definition, node)
        switch definition.name.local {
        case "signalEventDefinition": _ = signalName(definition, node)
        case "escalationEventDefinition":
            guard let reference = definition["escalationRef"], !reference.isEmpty else {
                let message = "A throwing escalation event needs the attribute 'escalationRef'"
                return problems.error(message, at: definition, about: [node.id])
            }
            guard let code = shared.escalations[reference] else {
                let message = "There is no escalation with the id '\(reference)'"
                return problems.error(message, at: definition, about: [node.id])
            }
            if (code ?? "").isEmpty {
                let message = "A throwing escalation event needs an escalation with a code"
                problems.error(message, at: definition, about: [node.id])
            }
        case "compensateEventDefinition":
            guard let reference = definition["activityRef"] else { return }
            let level = levels[node.scope.value]
            let parent = level.isEventSubProcess ? level.parent : nil
            guard self.node(reference, in: node.scope) == nil else { return }
            if parent.flatMap({ self.node(reference, in: $0) }) == nil {
                let message = "There is no activity '\(reference)' in the scope that is compensated"
                problems.error(message, at: definition, about: [node.id])
            }
        default: break
        }
    }

    // MARK: Links, gateways and tasks that wait

    func checkLinkThrow(_ definition: ModelElement, _ node: DeclaredNode) {
        if !links[node.scope, default: []].contains(definition["name"] ?? "") {
            let message = "There is no catching link event with the name '\(definition["name"] ?? "")'"
            problems.error(message, at: definition, about: [node.id])
        }
    }

    mutating func checkLinkCatch(_ definition: ModelElement, _ node: DeclaredNode) {
        let name = definition["name"] ?? ""
        if !triggers.insert(Trigger(kind: "link", name: name, owner: "\(node.scope.value)")).inserted {
            let message = "Several catching link events have the name '\(name)'"
            problems.error(message, at: node.element, about: [node.id])
        }
    }

    /// Event-based gateways lead to catching events, and nothing else leads there.
    func checkEventGateways() {
        for (flow, scope) in flowElements {
            guard let gateway = node(flow["sourceRef"], in: scope), let target = node(flow["targetRef"], in: scope),
                declared[gateway.value].element.isBPMN("eventBasedGateway")
            else { continue }
            let (gatewayID, catching) = (declared[gateway.value].id, declared[target.value])
            if !catching.element.isBPMN("intermediateCatchEvent") {
                let message = "An event-based gateway can only lead to intermediate catch events"
                problems.error(message, at: declared[gateway.value].element, about: [gatewayID])
            } else if catching.element.first("linkEventDefinition") != nil {
                let message = "A catching link event cannot follow an event-based gateway"
                problems.error(message, at: catching.element, about: [catching.id])
            }
        }
        for (target, flows) in flowsByTarget {
            guard let catching = indexes[target], declared[catching.value].element.isBPMN("intermediateCatchEvent"),
                let gateway = flows.lazy.compactMap({ $0["sourceRef"] }).first(where: isEventGateway)
            else { continue }
            for flow in flows where flow["sourceRef"] != gateway {
                let message = "'\(target)' follows an event-based gateway and can be reached from there only"
                problems.error(message, at: flow)
            }
        }
    }

    private func isEventGateway(_ id: String) -> Bool {
        indexes[id].map { declared[$0.value].element.isBPMN("eventBasedGateway") } ?? false
    }

    /// A receive task: it waits for its message or, without one, for a call that names its execution.
    func receiveTask(_ node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        guard let reference = node.element["messageRef"] else { return .receiveTask(nil) }
        guard let message = shared.message(reference) else {
            problems.error("There is no message with the id '\(reference)'", at: node.element, about: [node.id])
            return nil
        }
        guard let name = message, !name.isEmpty else {
            let text = "Cannot have a message event subscription with an empty or missing name"
            problems.error(text, at: node.element, about: [node.id])
            return nil
        }
        return .receiveTask(EventTrigger(kind: .message, name: try .reading(name, at: node.element)))
    }

    /// What a call activity calls and passes.
    func checkCallActivity(_ node: DeclaredNode) {
        let element = node.element
        let called = (element["calledElement"], element[camunda: "caseRef"])
        switch called {
        case (nil, nil): problems.error("A call activity needs 'calledElement' or 'caseRef'", at: element)
        case (.some, .some):
            problems.error("A call activity cannot have both 'calledElement' and 'caseRef'", at: element)
        default: break
        }
        let binding = element[camunda: "calledElementBinding"]
        if binding == "version", element[camunda: "calledElementVersion"] == nil {
            problems.error("Binding 'version' needs 'calledElementVersion'", at: element)
        }
        if binding == "versionTag", element[camunda: "calledElementVersionTag"] == nil {
            problems.error("Binding 'versionTag' needs 'calledElementVersionTag'", at: element)
        }
        for passed in element.extensions("in") + element.extensions("out") {
            checkPassed(passed, node)
        }
    }

    private func checkPassed(_ passed: ModelElement, _ node: DeclaredNode) {
        if passed["businessKey"] != nil || passed["variables"] != nil { return }
        let sources = [passed["source"], passed["sourceExpression"]].compactMap(\.self)
        if sources.isEmpty {
            problems.error("'\(passed.name.local)' needs 'source' or 'sourceExpression'", at: passed, about: [node.id])
        } else if sources.contains("") {
            problems.error("'\(passed.name.local)' has an empty source", at: passed, about: [node.id])
        }
        if (passed["target"] ?? "").isEmpty {
            problems.error("'\(passed.name.local)' needs a 'target'", at: passed, about: [node.id])
        }
    }
}
