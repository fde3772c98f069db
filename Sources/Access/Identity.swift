/// Who calls, and what it may do.
package struct Identity: Sendable, Hashable {
    package var userID: String
    package var groups: [String]
    package var limits: Limits

    package init(userID: String, groups: [String] = [], limits: Limits = .none) {
        self.userID = userID
        self.groups = groups
        self.limits = limits
    }

    /// What an identity is kept from.
    package struct Limits: Sendable, Hashable {
        /// Whether it may do no more than workers do: fetch tasks, report on them, read what is around them.
        package let isWorker: Bool
        /// The topics whose tasks it may see and work on; nil for all.
        package let topics: Set<String>?

        /// Who is limited to topics is a worker: whoever could deploy or start would reach the other topics that way.
        package init(isWorker: Bool, topics: Set<String>?) {
            self.isWorker = isWorker || topics != nil
            self.topics = topics
        }

        package static let none = Limits(isWorker: false, topics: nil)
    }
}
