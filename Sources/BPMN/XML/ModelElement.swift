/// An element of a model's XML, with its place in the file.
final class ModelElement {
    let name: QualifiedName
    let attributes: [QualifiedName: String]
    /// 1-based line right after the start tag.
    let line: Int
    /// 1-based column right after the start tag.
    let column: Int
    /// The namespaces of the prefixes that the start tag declares.
    let prefixes: [String: String]
    private(set) var children: [ModelElement] = []
    /// The character data directly inside, CDATA sections included.
    private(set) var text = ""

    init(
        name: QualifiedName,
        attributes: [QualifiedName: String],
        prefixes: [String: String],
        line: Int,
        column: Int
    ) {
        self.name = name
        self.attributes = attributes
        self.prefixes = prefixes
        self.line = line
        self.column = column
    }

    func append(_ child: ModelElement) { children.append(child) }
    func append(text more: String) { text += more }
}

extension ModelElement {
    /// The `id`; an empty one counts as none.
    var id: String? { self["id"].flatMap { $0.isEmpty ? nil : $0 } }

    /// The value of an attribute without a namespace.
    subscript(attribute: String) -> String? { attributes[QualifiedName("", attribute)] }

    /// The value of an extension attribute.
    subscript(camunda attribute: String) -> String? { attributes[QualifiedName(Namespace.camunda, attribute)] }

    /// The name of a BPMN element; nil for elements of other namespaces.
    var bpmnName: String? { name.namespace == Namespace.bpmn ? name.local : nil }

    func isBPMN(_ local: String) -> Bool { name.namespace == Namespace.bpmn && name.local == local }

    /// The BPMN children of this name.
    func all(_ local: String) -> [ModelElement] { children.filter { $0.isBPMN(local) } }

    /// The first BPMN child of this name.
    func first(_ local: String) -> ModelElement? { children.first { $0.isBPMN(local) } }

    /// The extension elements of this name.
    func extensions(_ local: String) -> [ModelElement] {
        all("extensionElements").flatMap { $0.camundaChildren(local) }
    }

    /// The direct children of this name in the extension namespace.
    func camundaChildren(_ local: String) -> [ModelElement] {
        children.filter { $0.name.namespace == Namespace.camunda && $0.name.local == local }
    }

    /// Whether an attribute without a namespace says `true`; `false` when it is absent.
    func flag(_ attribute: String) -> Bool { ["true", "1"].contains(self[attribute]?.trimmed) }

    /// Whether an extension attribute says `true`; `false` when it is absent.
    func flag(camunda attribute: String) -> Bool {
        ["true", "1", "yes", "on", "enabled", "active"].contains(self[camunda: attribute]?.lowercased())
    }
}

extension String {
    /// The text without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
