import Expressions

extension ProcessReader {
    /// A service, send or business rule task, or the message definition of a throw or end event.
    ///
    /// `element` carries the implementation's attributes; nil means that a problem was reported.
    func serviceLike(_ element: ModelElement, in node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        if let type = element[camunda: "type"] {
            switch type.lowercased() {
            case "external": return try externalTask(element, in: node)
            case "mail", "shell": unsupported("camunda:type=\"\(type)\"", node)
            default: problems.error("'\(type)' is not a valid camunda:type", at: element, about: [node.id])
            }
            return nil
        }
        let result = element[camunda: "resultVariable"] ?? element[camunda: "resultVariableName"]
        if hasText(element[camunda: "class"]) {
            if result != nil { resultVariable(not: "class", element, node) }
            unsupported("camunda:class", node)
        } else if element[camunda: "delegateExpression"] != nil {
            if result != nil { resultVariable(not: "delegateExpression", element, node) }
            unsupported("camunda:delegateExpression", node)
        } else if hasText(element[camunda: "expression"]) {
            unsupported("camunda:expression", node)
        } else if element.name.local == "businessRuleTask", element[camunda: "decisionRef"] != nil {
            unsupported("camunda:decisionRef", node)
        } else if !element.extensions("connector").isEmpty {
            unsupported("camunda:connector", node)
        } else {
            let message =
                "One of the attributes 'class', 'delegateExpression', 'type', or 'expression' is mandatory on "
            problems.error(message + element.name.local, at: element, about: [node.id])
        }
        return nil
    }

    private func unsupported(_ what: String, _ node: DeclaredNode) {
        problems.unsupported(
            "\(what) of '\(node.id)' instead of camunda:type=\"external\"",
            at: node.element,
            about: node.id
        )
    }

    private func resultVariable(not kind: String, _ element: ModelElement, _ node: DeclaredNode) {
        let message = "'resultVariable' is not allowed together with '\(kind)'"
        problems.error(message, at: element, about: [node.id])
    }

    private func hasText(_ text: String?) -> Bool { text.map { !$0.trimmed.isEmpty } ?? false }

    private func externalTask(_ element: ModelElement, in node: DeclaredNode) throws(ModelRejection) -> FlowNode.Kind? {
        let priority = try priority(of: element, id: node.id)
        let errors = try conditionalErrors(of: element)
        guard let topic = element[camunda: "topic"] else {
            let message = "External tasks must specify a 'topic' attribute in the camunda namespace"
            problems.error(message, at: element, about: [node.id])
            return nil
        }
        return .externalTask(
            ExternalTaskDefinition(
                topic: try Expression.reading(topic, at: element),
                priority: priority,
                errorEvents: errors
            )
        )
    }

    /// `camunda:errorEventDefinition` elements; one that names no error throws none.
    private func conditionalErrors(of element: ModelElement) throws(ModelRejection) -> [ConditionalError] {
        var result: [ConditionalError] = []
        for definition in element.extensions("errorEventDefinition") {
            guard let reference = definition["errorRef"] else { continue }
            guard let text = definition["expression"] else {
                throw .unreadable(Diagnostic("An error event definition needs an expression", at: definition))
            }
            let known = shared.errors[reference]
            result.append(
                ConditionalError(
                    code: known.map { $0.code ?? "" } ?? reference,
                    condition: try .readingIfPresent(text, at: definition)
                )
            )
        }
        return result
    }

    // MARK: User tasks

    /// A user task's attributes and the performers that the standard knows.
    func userTask(_ node: DeclaredNode) throws(ModelRejection) -> UserTaskDefinition {
        let element = node.element
        var task = UserTaskDefinition()
        task.name = try .readingIfPresent(element["name"], at: element)
        task.description = try .readingIfPresent(documentation(of: element), at: element)
        task.assignee = try assignee(of: node)
        let owners = potentialOwners(of: element)
        task.candidateUsers = try .readingIfPresent(
            joined(owners.users, element[camunda: "candidateUsers"]),
            at: element
        )
        task.candidateGroups = try .readingIfPresent(
            joined(owners.groups, element[camunda: "candidateGroups"]),
            at: element
        )
        task.dueDate = try .readingIfPresent(element[camunda: "dueDate"], at: element)
        task.followUpDate = try .readingIfPresent(element[camunda: "followUpDate"], at: element)
        task.priority = try .readingIfPresent(element[camunda: "priority"], at: element)
        task.formKey = try .readingIfPresent(element[camunda: "formKey"], at: element)
        if let key = try Expression.readingIfPresent(element[camunda: "formRef"], at: element) {
            task.formReference = FormReferenceDefinition(
                key: key,
                binding: element[camunda: "formRefBinding"],
                version: try .readingIfPresent(element[camunda: "formRefVersion"], at: element)
            )
        }
        return task
    }

    private func assignee(of node: DeclaredNode) throws(ModelRejection) -> Expression? {
        let element = node.element
        let performers = element.all("humanPerformer")
        if performers.count > 1 {
            problems.error("User task '\(node.id)' has several 'humanPerformer' elements", at: element)
        }
        let attribute = element[camunda: "assignee"]
        let performer = performers.first.flatMap { $0.formalExpression }
        if performer != nil, attribute != nil {
            problems.error("User task '\(node.id)' declares its assignee twice", at: element)
        }
        return try .readingIfPresent(performer ?? attribute, at: element)
    }

    /// Entries are `user(…)`, `group(…)`, or the plain name of a group.
    private func potentialOwners(of element: ModelElement) -> (users: [String], groups: [String]) {
        var users: [String] = []
        var groups: [String] = []
        for text in element.all("potentialOwner").compactMap(\.formalExpression) {
            for entry in text.commaSeparated {
                if entry.hasPrefix("user("), entry.hasSuffix(")") {
                    users.append(String(entry.dropFirst(5).dropLast()))
                } else if entry.hasPrefix("group("), entry.hasSuffix(")") {
                    groups.append(String(entry.dropFirst(6).dropLast()))
                } else {
                    groups.append(entry)
                }
            }
        }
        return (users, groups)
    }

    private func joined(_ entries: [String], _ attribute: String?) -> String? {
        let all = entries + [attribute].compactMap(\.self)
        return all.isEmpty ? nil : all.joined(separator: ",")
    }
}

extension ModelElement {
    /// The text inside `resourceAssignmentExpression/formalExpression`.
    fileprivate var formalExpression: String? {
        first("resourceAssignmentExpression")?.first("formalExpression")?.text.trimmed
    }
}

extension String {
    /// The trimmed parts between commas; commas inside `{…}` do not count.
    fileprivate var commaSeparated: [String] {
        var parts = [""]
        var depth = 0
        for character in self {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ",", depth <= 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map(\.trimmed).filter { !$0.isEmpty }
    }
}
