/// A statement's identity in a session's list of what is prepared.
struct PreparedStatement: Sendable, Hashable {
    private let identifier: ObjectIdentifier

    init(_ type: any Statement.Type) { identifier = ObjectIdentifier(type) }
}
