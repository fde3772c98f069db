/// What is fuzzed: code that reads what strangers send, and the properties that hold for whatever they send.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Models in BPMN 2.0 XML.
    case bpmn
    /// Expressions: parsed, and evaluated if they can be.
    case expressions
    /// Values in JSON.
    case json
    /// Bodies of requests in JSON, as the operations read them.
    case bodies
    /// Forms, and the values of header fields.
    case multipart
    /// Paths and query strings.
    case addresses
    /// Rows of the database.
    case rows

    /// Reads an input and checks what must be true of the outcome.
    ///
    /// - Throws: ``Violation`` for what is not. An input may also stop the process: that is a finding as well.
    package func check(_ input: [UInt8]) throws(Violation) {
        switch self {
        case .bpmn: try Models.check(input)
        case .expressions: try ExpressionTexts.check(input)
        case .json: try JSONTexts.check(input)
        case .bodies: try Bodies.check(input)
        case .multipart: try Forms.check(input)
        case .addresses: try Addresses.check(input)
        case .rows: try Rows.check(input)
        }
    }
}

/// A property that does not hold for an input.
package struct Violation: Error, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}

/// Throws a ``Violation`` that says what should have been, unless it is so.
func expect(_ holds: Bool, _ property: @autoclosure () -> String) throws(Violation) {
    guard holds else { throw Violation(property()) }
}
