import Expressions

extension ProcessReader {
    /// `multiInstanceLoopCharacteristics`: how many instances, over what, until when.
    func multiInstance(of node: DeclaredNode) throws(ModelRejection) -> MultiInstance? {
        guard let loop = node.element.first("multiInstanceLoopCharacteristics") else { return nil }
        checkAsync(loop, node)
        checkPriority("jobPriority", of: loop, id: node.id)
        let cardinality = loop.first("loopCardinality")
        if let cardinality, cardinality.text.trimmed.isEmpty {
            problems.error("'loopCardinality' of '\(node.id)' is empty", at: loop, about: [node.id])
        }
        let input = loop.first("loopDataInputRef")?.text.trimmed
        let collection = input ?? loop[camunda: "collection"]?.trimmed
        let variable = loop.first("inputDataItem")?["name"] ?? loop[camunda: "elementVariable"]
        if cardinality == nil, (collection ?? "").isEmpty {
            let message = "Multi-instance activity '\(node.id)' needs 'loopCardinality' or a collection"
            problems.error(message, at: loop, about: [node.id])
        }
        if variable != nil, (collection ?? "").isEmpty {
            let message = "Multi-instance activity '\(node.id)' has an element variable but no collection"
            problems.error(message, at: loop, about: [node.id])
        }
        return MultiInstance(
            isSequential: loop.flag("isSequential"),
            cardinality: try .readingIfPresent(cardinality?.text.trimmed, at: loop),
            collection: try self.collection(collection, at: loop),
            elementVariable: variable,
            completionCondition: try .readingIfPresent(loop.first("completionCondition")?.text.trimmed, at: loop)
        )
    }

    private func collection(
        _ text: String?,
        at element: ModelElement
    ) throws(ModelRejection) -> MultiInstance.Collection? {
        guard let text, !text.isEmpty else { return nil }
        return text.contains("{") ? .expression(try .reading(text, at: element)) : .variable(text)
    }
}
