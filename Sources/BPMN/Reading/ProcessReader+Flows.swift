import Expressions

extension ProcessReader {
    /// Connects the nodes with the sequence flows, in document order.
    mutating func readFlows() throws(ModelRejection) {
        for (index, node) in declared.enumerated() where node.element.isBPMN("boundaryEvent") {
            switch nodes[index].kind {
            case .boundaryErrorEvent(_, attachedTo: let host),
                .boundaryEvent(_, attachedTo: let host, isInterrupting: _):
                nodes[host.value].boundaryEvents.append(NodeIndex(index))
            default: continue
            }
        }
        for (element, scope) in flowElements {
            checkListeners(of: element, id: element.id)
            let condition = try condition(of: element)
            guard let (source, target) = ends(of: element, scope) else { continue }
            let flow = FlowIndex(flows.count)
            flows.append(SequenceFlow(id: element.id, source: source, target: target, condition: condition))
            nodes[source.value].outgoing.append(flow)
            nodes[target.value].incomingCount += 1
            if let id = element.id, declared[source.value].element["default"]?.trimmed == id {
                nodes[source.value].defaultFlow = flow
            }
        }
    }

    /// Source and target, which must stand on the level of the flow.
    private func ends(of element: ModelElement, _ scope: FlowScopeIndex) -> (NodeIndex, NodeIndex)? {
        let id = element.id ?? ""
        guard let source = node(element["sourceRef"]?.trimmed, in: scope) else {
            let name = element["sourceRef"] ?? ""
            problems.error("Invalid source '\(name)' of sequence flow '\(id)'", at: element)
            return nil
        }
        guard let target = node(element["targetRef"]?.trimmed, in: scope) else {
            let name = element["targetRef"] ?? ""
            problems.error("Invalid destination '\(name)' of sequence flow '\(id)'", at: element)
            return nil
        }
        let (from, to) = (declared[source.value].element, declared[target.value].element)
        if from.isBPMN("subProcess"), from.flag("triggeredByEvent") {
            problems.error("A sequence flow cannot leave an event sub-process", at: element)
        }
        if to.isBPMN("subProcess"), to.flag("triggeredByEvent") {
            problems.error("A sequence flow cannot lead into an event sub-process", at: element)
        }
        for handler in [source, target] where declared[handler.value].element.flag("isForCompensation") {
            let node = declared[handler.value]
            let message = "A sequence flow cannot touch the compensation handler '\(node.id)'"
            problems.error(message, at: element, about: [node.id])
        }
        if to.isBPMN("boundaryEvent") {
            problems.error("A sequence flow cannot lead to a boundary event", at: element)
        }
        if from.isBPMN("endEvent") {
            problems.warning("A sequence flow that leaves an end event is never taken", at: element)
        }
        return (source, target)
    }

    private func condition(of element: ModelElement) throws(ModelRejection) -> Expression? {
        guard let condition = element.first("conditionExpression") else { return nil }
        let type = condition.attributes[QualifiedName(Namespace.schemaInstance, "type")]
        if let type, type.trimmed.withoutPrefix != "tFormalExpression" {
            problems.error("A condition must be of type tFormalExpression", at: condition)
            return nil
        }
        if condition["language"] != nil || condition[camunda: "resource"] != nil {
            problems.unsupported(
                "The script in the condition of '\(element.id ?? "")'",
                at: condition,
                about: element.id
            )
            return nil
        }
        return try Expression.reading(condition.text.trimmed, at: condition)
    }

    /// What concerns the flows out of one node as a whole.
    func checkFlows(of index: NodeIndex) {
        let node = declared[index.value]
        let name = node.element["default"]
        if let name, nodes[index.value].defaultFlow == nil {
            problems.warning("The default flow '\(name)' does not leave '\(node.id)'", at: node.element)
        }
        guard node.element.isBPMN("exclusiveGateway") else { return }
        let outgoing = nodes[index.value].outgoing
        if outgoing.isEmpty {
            problems.error("Exclusive gateway '\(node.id)' has no outgoing sequence flow", at: nil, about: [node.id])
        } else if outgoing.count == 1 {
            checkSingle(outgoing[0], of: node)
        } else {
            checkBranches(outgoing, of: node, default: nodes[index.value].defaultFlow)
        }
    }

    private func checkSingle(_ flow: FlowIndex, of node: DeclaredNode) {
        guard flows[flow.value].condition != nil else { return }
        let message = "The only sequence flow out of exclusive gateway '\(node.id)' cannot have a condition"
        problems.error(message, at: nil, about: [node.id] + ids([flow]))
    }

    private func checkBranches(_ outgoing: [FlowIndex], of node: DeclaredNode, default defaultFlow: FlowIndex?) {
        if let defaultFlow, flows[defaultFlow.value].condition != nil {
            let message = "The default flow of exclusive gateway '\(node.id)' cannot have a condition"
            problems.error(message, at: nil, about: [node.id] + ids([defaultFlow]))
        }
        let bare = outgoing.filter { $0 != defaultFlow && flows[$0.value].condition == nil }
        if defaultFlow != nil || bare.count > 1 {
            for flow in bare {
                let message = "Exclusive gateway '\(node.id)' has a flow without condition that is not the default flow"
                problems.error(message, at: nil, about: [node.id] + ids([flow]))
            }
        } else if !bare.isEmpty {
            let message =
                "Exclusive gateway '\(node.id)' has a flow without condition; it is taken when no other before it is"
            problems.warning(message, at: nil, about: [node.id] + ids(bare))
        }
    }

    private func ids(_ flows: [FlowIndex]) -> [String] { flows.compactMap { self.flows[$0.value].id } }

    // MARK: Starts

    /// How many start events each level may have.
    func checkStarts() {
        for level in levels {
            let starts = level.starts.map { declared[$0.value] }
            let id = level.node.map { declared[$0.value].id } ?? process.id ?? ""
            if starts.isEmpty, !level.element.isBPMN("adHocSubProcess") {
                problems.error("'\(id)' has no start event", at: level.element, about: [id])
            }
            if level.node == nil {
                let plain = starts.filter { start in
                    let definitions = start.element.children.filter(\.isEventDefinition)
                    return definitions.isEmpty || definitions.contains { $0.isBPMN("timerEventDefinition") }
                }
                for start in plain.dropFirst() {
                    let message = "A process can have only one start event that is plain or has a timer"
                    problems.error(message, at: process, about: [start.id])
                }
            } else {
                for start in starts.dropFirst() {
                    problems.error("A sub-process can have only one start event", at: level.element, about: [start.id])
                }
            }
        }
    }
}
