import BPMN

/// A file that should be a model: problems have places in the file, and what is accepted hangs together.
enum Models {
    static func check(_ input: [UInt8]) throws(Violation) {
        let definitions: [ProcessDefinition]
        do throws(ModelRejection) {
            definitions = try BPMNReader.read(input, resourceName: "model.bpmn")
        } catch {
            return try check(error, in: input)
        }
        for definition in definitions {
            try check(definition)
            try check(definition.warnings, in: input)
        }
    }
}

// MARK: Problems

extension Models {
    private static func check(_ rejection: ModelRejection, in input: [UInt8]) throws(Violation) {
        switch rejection {
        case .notWellFormed(let problem), .unreadable(let problem): try check([problem], in: input)
        case .invalid(let errors, let warnings):
            try expect(!errors.isEmpty, "A refused model has errors")
            try check(errors, in: input)
            try check(warnings, in: input)
        }
    }

    private static func check(_ problems: [Diagnostic], in input: [UInt8]) throws(Violation) {
        try expect(problems.count <= ModelLimits.problems, "There are \(problems.count) problems at most")
        let lines = input.count { $0 == UInt8(ascii: "\n") } + 1
        for problem in problems {
            try expect(!problem.message.isEmpty, "A problem says what it is")
            try expect((0...lines).contains(problem.line), "Line \(problem.line) is one of \(lines)")
            try expect((0...input.count + 1).contains(problem.column), "Column \(problem.column) is in the file")
            try expect(problem.mainElementID == problem.elementIDs.first, "The main element is the first of all")
        }
    }
}

// MARK: Definitions

extension Models {
    private static func check(_ definition: ProcessDefinition) throws(Violation) {
        try expect(Set(definition.nodes.map(\.id)).count == definition.nodes.count, "No two nodes have one id")
        try expect(definition.scopes.first.map { $0.node == nil } == true, "The process is the first scope")
        for (index, flow) in definition.flows.enumerated() {
            try expect(
                definition.nodes.indices.contains(flow.source.value)
                    && definition.nodes.indices.contains(flow.target.value),
                "A flow leads from node to node"
            )
            try expect(definition[flow.source].outgoing.contains(FlowIndex(index)), "A flow leaves its source")
            try expect(definition[flow.source].scope == definition[flow.target].scope, "A flow stays in its scope")
        }
        for (index, node) in definition.nodes.enumerated() { try check(node, NodeIndex(index), in: definition) }
    }

    private static func check(
        _ node: FlowNode,
        _ index: NodeIndex,
        in definition: ProcessDefinition
    ) throws(Violation) {
        try expect(definition.scopes.indices.contains(node.scope.value), "A node stands in a scope")
        try expect(definition.node(id: node.id) == index, "A node is found by its id")
        try expect(node.outgoing.allSatisfy { definition[$0].source == index }, "What leaves a node begins there")
        let incoming = definition.flows.count { $0.target == index }
        try expect(node.incomingCount == incoming, "Incoming flows are counted")
        if let flow = node.defaultFlow { try expect(node.outgoing.contains(flow), "A default leaves its node") }
        for boundary in node.boundaryEvents {
            try expect(definition[boundary].host == index, "A boundary event knows its activity")
        }
        if let host = node.host {
            try expect(definition[host].boundaryEvents.contains(index), "An activity knows its boundary events")
        }
        guard case .subProcess(let scope) = node.kind else { return }
        try expect(definition.scopes.indices.contains(scope.value), "A sub-process has a scope")
        try expect(definition[scope].node == index, "A scope knows its sub-process")
        if let start = definition[scope].start {
            try expect(definition[start].scope == scope, "A scope begins inside")
        }
    }
}

extension FlowNode {
    fileprivate var host: NodeIndex? {
        switch kind {
        case .boundaryErrorEvent(_, let host), .boundaryEvent(_, let host, isInterrupting: _): host
        default: nil
        }
    }
}
