import Postgres

/// A user who calls with a password, as the database keeps it.
package struct UserAccount: Sendable, Hashable {
    package var id: String
    /// Never the password itself.
    package var passwordHash: String
    package var groups: [String]
    /// The topics that the user is limited to; nil for none of that.
    package var topics: [String]?
    /// Whether the user may do no more than workers do.
    package var isWorker: Bool

    package init(id: String, passwordHash: String, groups: [String], topics: [String]?, isWorker: Bool) {
        self.id = id
        self.passwordHash = passwordHash
        self.groups = groups
        self.topics = topics
        self.isWorker = isWorker
    }

    static let rows = RowDecoder(UserAccount.init)
}
