/// A statement's identity in a session's list of what is prepared.
struct PreparedStatement: Sendable, Hashable {
    private let identifier: ObjectIdentifier

    init<S: Statement>(_ type: S.Type) { identifier = ObjectIdentifier(type) }
}
