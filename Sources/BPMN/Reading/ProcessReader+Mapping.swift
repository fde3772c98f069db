import Expressions

extension ProcessReader {
    /// `camunda:inputOutput`; nil when there is none or it is not allowed here.
    func mapping(of node: DeclaredNode, isMultiInstance: Bool) throws(ModelRejection) -> InputOutputMapping? {
        guard let element = node.element.extensions("inputOutput").first else { return nil }
        let name = node.element.name.local
        let isEventSubProcess = name == "subProcess" && node.element.flag("triggeredByEvent")
        if isEventSubProcess || name.hasSuffix("Gateway") || ["startEvent", "boundaryEvent"].contains(name) {
            let kind = isEventSubProcess ? "event sub-process" : name
            problems.error("camunda:inputOutput is not allowed on \(kind)", at: node.element, about: [node.id])
            return nil
        }
        let outputs = element.camundaChildren("outputParameter")
        if !outputs.isEmpty, name == "endEvent" || isMultiInstance {
            let kind = name == "endEvent" ? "an end event" : "a multi-instance activity"
            problems.error("camunda:outputParameter is not allowed on \(kind)", at: node.element, about: [node.id])
            return nil
        }
        return InputOutputMapping(
            inputs: try parameters(element.camundaChildren("inputParameter"), node),
            outputs: try parameters(outputs, node)
        )
    }

    private func parameters(
        _ elements: [ModelElement],
        _ node: DeclaredNode
    ) throws(ModelRejection) -> [InputOutputMapping.Parameter] {
        var result: [InputOutputMapping.Parameter] = []
        for element in elements {
            guard let name = element["name"], !name.isEmpty else {
                problems.error("'\(element.name.local)' needs a name", at: element, about: [node.id])
                continue
            }
            guard let value = try nested(in: element, node) else { continue }
            result.append(InputOutputMapping.Parameter(name: name, value: value))
        }
        return result
    }

    /// The one child element of a parameter or map entry, or else its text.
    private func nested(in element: ModelElement, _ node: DeclaredNode) throws(ModelRejection) -> ParameterValue? {
        guard element.children.count <= 1 else {
            problems.error("'\(element.name.local)' can have at most one child element", at: element, about: [node.id])
            return nil
        }
        return try value(element.children.first ?? element, node)
    }

    private func value(_ element: ModelElement, _ node: DeclaredNode) throws(ModelRejection) -> ParameterValue? {
        guard element.name.namespace == Namespace.camunda else {
            let message = "'\(element.name.local)' is not a value that a parameter can have"
            problems.error(message, at: element, about: [node.id])
            return nil
        }
        switch element.name.local {
        case "list":
            var items: [ParameterValue] = []
            for child in element.children { if let item = try value(child, node) { items.append(item) } }
            return .list(items)
        case "map":
            return .map(try entries(of: element, node))
        case "script":
            problems.unsupported("camunda:script in a mapping of '\(node.id)'", at: element, about: node.id)
            return nil
        default:
            return element.text.isEmpty ? .null : .expression(try .reading(element.text, at: element))
        }
    }

    private func entries(
        of map: ModelElement,
        _ node: DeclaredNode
    ) throws(ModelRejection) -> [(key: String, value: ParameterValue)] {
        var result: [(key: String, value: ParameterValue)] = []
        for entry in map.camundaChildren("entry") {
            guard let key = entry["key"], !key.isEmpty else {
                problems.error("A map entry needs a key", at: entry, about: [node.id])
                continue
            }
            if key.contains("${") || key.contains("#{") {
                problems.unsupported("An expression as key of a map entry of '\(node.id)'", at: entry, about: node.id)
            }
            if let value = try nested(in: entry, node) { result.append((key, value)) }
        }
        return result
    }
}
