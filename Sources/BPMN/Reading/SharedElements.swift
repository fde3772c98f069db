import Expressions

/// What stands beside the processes of a file: errors, messages, signals and escalations.
struct SharedElements {
    private(set) var errors: [String: DefinedError] = [:]
    /// Names of messages by id.
    private(set) var messages: [String: String?] = [:]
    /// Names of signals by id.
    private(set) var signals: [String: String] = [:]
    /// Codes of escalations by id.
    private(set) var escalations: [String: String?] = [:]

    /// An `error` element.
    struct DefinedError {
        var code: String?
        var message: Expression?
    }

    init(in root: ModelElement, problems: ModelProblems) throws(ModelRejection) {
        for element in root.all("import") {
            problems.error("Importing other files is not supported", at: element)
        }
        for element in root.all("error") {
            guard let id = element.id else {
                problems.error("An error must have an id", at: element)
                continue
            }
            let message = element[camunda: "errorMessage"]
            errors[id] = DefinedError(
                code: element["errorCode"],
                message: try .readingIfPresent(message, at: element)
            )
        }
        for element in root.all("message") {
            guard let id = element.id else {
                problems.error("A message must have an id", at: element)
                continue
            }
            messages[id] = .some(element["name"])
        }
        readSignals(in: root, problems)
        for element in root.all("escalation") {
            guard let id = element.id else {
                problems.error("An escalation must have an id", at: element)
                continue
            }
            escalations[id] = .some(element["escalationCode"])
        }
    }

    private mutating func readSignals(in root: ModelElement, _ problems: ModelProblems) {
        var names: Set<String> = []
        for element in root.all("signal") {
            let name = element["name"]
            if let id = element.id {
                signals[id] = name ?? ""
            } else {
                problems.error("A signal must have an id", at: element)
            }
            if let name {
                if !names.insert(name).inserted {
                    problems.error("Two signals have the name '\(name)'", at: element)
                }
            } else {
                problems.error("Signal '\(element.id ?? "")' has no name", at: element)
            }
        }
    }

    /// Follows a reference to a message; the prefix of its namespace does not matter.
    func message(_ reference: String) -> String?? { messages[reference.withoutPrefix] }

    /// Follows a reference to a signal; the prefix of its namespace does not matter.
    func signal(_ reference: String) -> String? { signals[reference.withoutPrefix] }
}

extension Expression {
    /// Parses the text of an element or of one of its attributes; nil when there is none.
    ///
    /// - Throws: ``ModelRejection/unreadable(_:)`` when the text is no valid expression.
    static func readingIfPresent(_ text: String?, at element: ModelElement) throws(ModelRejection) -> Expression? {
        guard let text, !text.isEmpty else { return nil }
        return try .reading(text, at: element)
    }

    /// Parses the text of an element or of one of its attributes.
    ///
    /// - Throws: ``ModelRejection/unreadable(_:)`` when the text is no valid expression.
    static func reading(_ text: String, at element: ModelElement) throws(ModelRejection) -> Expression {
        do throws(ExpressionSyntaxError) {
            return try Expression.parse(text)
        } catch {
            throw .unreadable(Diagnostic("Cannot read expression '\(text)': \(error)", at: element))
        }
    }
}

extension String {
    /// A qualified name without its prefix.
    var withoutPrefix: String { split(separator: ":").last.map(String.init) ?? self }

    /// Whether the text asks to be evaluated.
    var isExpression: Bool { trimmed.hasPrefix("${") || trimmed.hasPrefix("#{") }
}
