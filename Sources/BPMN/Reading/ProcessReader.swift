import Expressions

/// Reads one executable process.
///
/// First every flow node of every level gets its index, in document order; then each is read on its own; then sequence
/// flows connect them.
struct ProcessReader {
    let process: ModelElement
    let definitions: ModelElement
    let shared: SharedElements
    let problems: ModelProblems
    var declared: [DeclaredNode] = []
    var indexes: [String: NodeIndex] = [:]
    var levels: [Level] = []
    var flowElements: [(element: ModelElement, scope: FlowScopeIndex)] = []
    var nodes: [FlowNode] = []
    var flows: [SequenceFlow] = []
    var triggers: Set<Trigger> = []
    /// Codes of the escalations that are caught, by place and owner.
    var caughtEscalations: [Trigger: Set<String>] = [:]
    var sourcesOfNamelessFlows: Set<String> = []
    var flowsByTarget: [String: [ModelElement]] = [:]
    var associationsBySource: [String: [ModelElement]] = [:]
    /// Names of catching links by level.
    var links: [FlowScopeIndex: Set<String>] = [:]

    /// A flow node before it is read.
    struct DeclaredNode {
        var element: ModelElement
        var id: String
        var scope: FlowScopeIndex
        /// For what holds other nodes: its inside.
        var inside: FlowScopeIndex?
    }

    /// The process, or what holds flow nodes like a sub-process does.
    struct Level {
        var element: ModelElement
        var node: NodeIndex?
        var parent: FlowScopeIndex?
        var starts: [NodeIndex] = []

        var isEventSubProcess: Bool { node != nil && element.flag("triggeredByEvent") }
    }

    init(_ process: ModelElement, in definitions: ModelElement, shared: SharedElements, problems: ModelProblems) {
        self.process = process
        self.definitions = definitions
        self.shared = shared
        self.problems = problems
    }

    /// The process; of use only when no errors were found.
    mutating func read() throws(ModelRejection) -> ProcessDefinition {
        if process.id == nil { problems.error("A process must have an id", at: process) }
        declareLevel(process, node: nil, parent: nil)
        for node in declared { nodes.append(try read(node)) }
        try readFlows()
        for index in declared.indices { checkFlows(of: NodeIndex(index)) }
        checkStarts()
        checkEventGateways()
        checkListeners(of: process, id: process.id)
        checkPriority("jobPriority", of: process, id: process.id)
        return ProcessDefinition(
            key: process.id ?? "",
            name: process["name"],
            category: definitions["targetNamespace"],
            documentation: documentation(of: process),
            versionTag: process[camunda: "versionTag"],
            historyTimeToLiveDays: historyTimeToLive(),
            taskPriority: try priority(of: process, id: process.id),
            isStartableInTasklist: process[camunda: "isStartableInTasklist"]?.lowercased() != "false",
            nodes: nodes,
            flows: flows,
            scopes: levels.map { FlowScope(node: $0.node, start: start(of: $0)) }
        )
    }

    /// Where a token enters a level: its plain start event, or the only one whatever it is.
    private func start(of level: Level) -> NodeIndex? {
        let plain = level.starts.first { if case .noneStartEvent = nodes[$0.value].kind { true } else { false } }
        return plain ?? (level.starts.count == 1 ? level.starts.first : nil)
    }

    private mutating func declareLevel(_ element: ModelElement, node: NodeIndex?, parent: FlowScopeIndex?) {
        let scope = FlowScopeIndex(levels.count)
        levels.append(Level(element: element, node: node, parent: parent))
        for child in element.children {
            guard let name = child.bpmnName else { continue }
            remember(child, name, scope)
            guard BPMNSchema.flowNodes.contains(name) else { continue }
            let index = NodeIndex(declared.count)
            if child.id == nil { problems.error("A flow element of kind '\(name)' must have an id", at: child) }
            declared.append(DeclaredNode(element: child, id: child.id ?? "", scope: scope))
            if let id = child.id, indexes[id] == nil { indexes[id] = index }
            if name == "startEvent" { levels[scope.value].starts.append(index) }
            if ["subProcess", "transaction", "adHocSubProcess"].contains(name) {
                declared[index.value].inside = FlowScopeIndex(levels.count)
                declareLevel(child, node: index, parent: scope)
            }
        }
    }

    private mutating func remember(_ element: ModelElement, _ name: String, _ scope: FlowScopeIndex) {
        switch name {
        case "sequenceFlow":
            flowElements.append((element, scope))
            if element.id == nil, let source = element["sourceRef"] { sourcesOfNamelessFlows.insert(source) }
            if let target = element["targetRef"] { flowsByTarget[target, default: []].append(element) }
        case "association":
            if let source = element["sourceRef"]?.trimmed { associationsBySource[source, default: []].append(element) }
        case "intermediateCatchEvent":
            if let link = element.first("linkEventDefinition")?["name"] { links[scope, default: []].insert(link) }
        default: break
        }
    }

    /// The node with this id on this level.
    func node(_ id: String?, in scope: FlowScopeIndex) -> NodeIndex? {
        guard let id, let index = indexes[id], declared[index.value].scope == scope else { return nil }
        return index
    }

    func documentation(of element: ModelElement) -> String? {
        let texts = element.all("documentation").map(\.text.trimmed)
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// Days as a number or as `P<n>D`.
    private func historyTimeToLive() -> Int? {
        guard let text = process[camunda: "historyTimeToLive"]?.trimmed, !text.isEmpty else { return nil }
        let isPeriod = text.uppercased().hasPrefix("P") && text.uppercased().hasSuffix("D")
        guard let days = Int32(isPeriod ? String(text.dropFirst().dropLast()) : text) else {
            problems.error(
                "Cannot parse historyTimeToLive: '\(text)' is neither a number of days nor P<n>D",
                at: process
            )
            return nil
        }
        guard days >= 0 else {
            problems.error("Cannot parse historyTimeToLive: negative value is not allowed", at: process)
            return nil
        }
        return Int(days)
    }

    /// The `camunda:taskPriority` of an element: an expression or a whole number.
    func priority(of element: ModelElement, id: String?) throws(ModelRejection) -> Expression? {
        guard checkPriority("taskPriority", of: element, id: id) else { return nil }
        return try .readingIfPresent(element[camunda: "taskPriority"]?.trimmed, at: element)
    }

    @discardableResult
    func checkPriority(_ name: String, of element: ModelElement, id: String?) -> Bool {
        guard let text = element[camunda: name], !text.isEmpty, !text.isExpression, Int32(text) == nil else {
            return true
        }
        let message = "Value '\(text)' for attribute '\(name)' is not a valid number"
        problems.error(message, at: element, about: id.map { [$0] } ?? [])
        return false
    }
}
