/// A problem found in a model, with its place.
package struct Diagnostic: Sendable, Hashable {
    package var message: String
    /// 1-based line right after the element's start tag; 0 when the problem has no place of its own.
    package var line: Int
    /// 1-based column right after the element's start tag; 0 when the problem has no place of its own.
    package var column: Int
    /// The element that the problem is about.
    package var mainElementID: String?
    /// Every element involved.
    package var elementIDs: [String]

    package init(message: String, line: Int, column: Int, mainElementID: String? = nil, elementIDs: [String] = []) {
        self.message = message
        self.line = line
        self.column = column
        self.mainElementID = mainElementID
        self.elementIDs = elementIDs
    }
}

/// Why a model cannot be deployed.
package enum ModelRejection: Error, Sendable, Hashable {
    /// Not well-formed XML, a DOCTYPE, or beyond a limit of the reader.
    case notWellFormed(Diagnostic)
    /// The model breaks rules of BPMN, or uses what is not supported; every problem found.
    case invalid(errors: [Diagnostic], warnings: [Diagnostic])
    /// An expression that cannot be parsed, or another problem that stops at its first place.
    case unreadable(Diagnostic)
}
