package import Expressions

/// An executable process as the engine runs it: immutable, made once from a BPMN model, shared by all its instances.
///
/// Flow nodes of all nesting levels stand in one array and refer to each other by index, so that running a process
/// looks nothing up by name.
package struct ProcessDefinition: Sendable {
    /// The `id` of the BPMN `process` element.
    package var key: String
    package var name: String?
    /// The target namespace of the model.
    package var category: String?
    /// The process's `documentation`; several are joined by a blank line.
    package var documentation: String?
    package var versionTag: String?
    /// Days that history is kept after the end, from `camunda:historyTimeToLive` (a number or `P<n>D`); nil when absent.
    package var historyTimeToLiveDays: Int?
    /// `camunda:taskPriority` of the process: what an external task without a priority of its own gets.
    package var taskPriority: Expression?
    package var isStartableInTasklist: Bool
    /// All flow nodes, in document order; a node's index never changes.
    package var nodes: [FlowNode]
    /// All sequence flows, in document order.
    package var flows: [SequenceFlow]
    /// The process itself (index 0) and every embedded sub-process.
    package var scopes: [FlowScope]
    /// Problems that did not stop the deployment.
    package var warnings: [Diagnostic]

    private let nodeIndexes: [String: NodeIndex]

    /// Makes a definition from its parts; node ids must be unique.
    package init(
        key: String,
        name: String? = nil,
        category: String? = nil,
        documentation: String? = nil,
        versionTag: String? = nil,
        historyTimeToLiveDays: Int? = nil,
        taskPriority: Expression? = nil,
        isStartableInTasklist: Bool = true,
        nodes: [FlowNode],
        flows: [SequenceFlow],
        scopes: [FlowScope],
        warnings: [Diagnostic] = []
    ) {
        self.key = key
        self.name = name
        self.category = category
        self.documentation = documentation
        self.versionTag = versionTag
        self.historyTimeToLiveDays = historyTimeToLiveDays
        self.taskPriority = taskPriority
        self.isStartableInTasklist = isStartableInTasklist
        self.nodes = nodes
        self.flows = flows
        self.scopes = scopes
        self.warnings = warnings
        nodeIndexes = Dictionary(
            nodes.enumerated().map { ($0.element.id, NodeIndex($0.offset)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The flow node with this id, if the model has one.
    package func node(id: String) -> NodeIndex? { nodeIndexes[id] }

    /// The start events that a message or signal triggers, in document order.
    package var triggeredStarts: [(node: FlowNode, trigger: EventTrigger)] {
        nodes.compactMap { node in
            guard case .triggeredStartEvent(let trigger) = node.kind else { return nil }
            return (node, trigger)
        }
    }

    package subscript(node: NodeIndex) -> FlowNode { nodes[node.value] }
    package subscript(flow: FlowIndex) -> SequenceFlow { flows[flow.value] }
    package subscript(scope: FlowScopeIndex) -> FlowScope { scopes[scope.value] }
}

/// Where a flow node stands in ``ProcessDefinition/nodes``.
package struct NodeIndex: Sendable, Hashable {
    package var value: Int
    package init(_ value: Int) { self.value = value }
}

/// Where a sequence flow stands in ``ProcessDefinition/flows``.
package struct FlowIndex: Sendable, Hashable {
    package var value: Int
    package init(_ value: Int) { self.value = value }
}

/// Where a process or sub-process stands in ``ProcessDefinition/scopes``.
package struct FlowScopeIndex: Sendable, Hashable {
    package var value: Int
    package init(_ value: Int) { self.value = value }

    /// The process itself.
    package static let process = FlowScopeIndex(0)
}

/// The process or an embedded sub-process: what holds flow nodes.
package struct FlowScope: Sendable {
    /// The sub-process node whose inside this is; nil for the process itself.
    package var node: NodeIndex?
    /// The start event where a token enters unless another one is named: the plain one, or the only one.
    package var start: NodeIndex?

    package init(node: NodeIndex?, start: NodeIndex?) {
        self.node = node
        self.start = start
    }
}

/// A sequence flow.
package struct SequenceFlow: Sendable {
    package var id: String?
    package var source: NodeIndex
    package var target: NodeIndex
    /// The condition, parsed from its trimmed text; nil when the flow has none.
    package var condition: Expression?

    package init(id: String?, source: NodeIndex, target: NodeIndex, condition: Expression?) {
        self.id = id
        self.source = source
        self.target = target
        self.condition = condition
    }
}
