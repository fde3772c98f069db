/// Looks whether the diagrams of a file show what exists and say where.
enum DiagramCheck {
    static func check(_ root: ModelElement, reportingTo problems: ModelProblems) {
        var ids: Set<String> = []
        collect(root, into: &ids)
        for diagram in diagrams(root) {
            visit(diagram, ids: ids, problems)
        }
    }

    private static func diagrams(_ root: ModelElement) -> [ModelElement] {
        root.children.filter { $0.name == QualifiedName(Namespace.diagram, "BPMNDiagram") }
    }

    private static func collect(_ element: ModelElement, into ids: inout Set<String>) {
        guard element.bpmnName != nil else { return }
        if let id = element.id { ids.insert(id) }
        for child in element.children { collect(child, into: &ids) }
    }

    private static func visit(_ element: ModelElement, ids: Set<String>, _ problems: ModelProblems) {
        guard element.name.namespace == Namespace.diagram else { return }
        let name = element.name.local
        if ["BPMNShape", "BPMNEdge"].contains(name) {
            if let shown = element["bpmnElement"] {
                if !ids.contains(shown.trimmed.withoutPrefix) {
                    problems.error("\(name) shows '\(shown)', which does not exist", at: element)
                }
            } else {
                problems.error("\(name) needs the attribute 'bpmnElement'", at: element)
            }
        }
        if name == "BPMNShape", count("Bounds", Namespace.diagramCommon, in: element) != 1 {
            problems.error("BPMNShape needs its Bounds", at: element)
        }
        if name == "BPMNEdge", count("waypoint", Namespace.diagramInterchange, in: element) < 2 {
            problems.error("BPMNEdge needs at least two waypoints", at: element)
        }
        for child in element.children { visit(child, ids: ids, problems) }
    }

    private static func count(_ name: String, _ namespace: String, in element: ModelElement) -> Int {
        element.children.count { $0.name == QualifiedName(namespace, name) }
    }
}
