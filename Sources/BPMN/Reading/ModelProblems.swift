/// Collects what is wrong with a model while it is read.
final class ModelProblems {
    private(set) var errors: [Diagnostic] = []
    private(set) var warnings: [Diagnostic] = []
    /// What the engine does not run yet.
    private(set) var unsupported: [Diagnostic] = []

    /// Notes an error at an element, or without a place when there is none.
    ///
    /// `ids` are the elements it is about, the main one first; none stands for the element itself.
    func error(_ message: String, at element: ModelElement?, about ids: [String] = []) {
        guard errors.count < ModelLimits.problems else { return }
        errors.append(Diagnostic(message, at: element, about: ids))
    }

    /// Notes something odd that does not stop the deployment.
    func warning(_ message: String, at element: ModelElement?, about ids: [String] = []) {
        guard warnings.count < ModelLimits.problems else { return }
        warnings.append(Diagnostic(message, at: element, about: ids))
    }

    /// Notes that the element uses something that the engine does not run yet.
    func unsupported(_ what: String, at element: ModelElement, about id: String?) {
        guard unsupported.count < ModelLimits.problems else { return }
        unsupported.append(Diagnostic("\(what) is not supported yet", at: element, about: id.map { [$0] } ?? []))
    }
}

extension Diagnostic {
    /// The order in which people read problems: by place, those without one first.
    static func precedes(_ one: Diagnostic, _ other: Diagnostic) -> Bool {
        (one.line, one.column, one.message) < (other.line, other.column, other.message)
    }

    init(_ message: String, at element: ModelElement?, about ids: [String] = []) {
        let all = ids.isEmpty ? [element?.id].compactMap(\.self) : ids
        self.init(
            message: message,
            line: element?.line ?? 0,
            column: element?.column ?? 0,
            mainElementID: all.first,
            elementIDs: all
        )
    }
}
