import EngineCore
import FoundationEssentials
import Postgres

/// What a batch does to the identity links of tasks that stay, each link once.
///
/// The links of a task that ends go with its row.
package struct IdentityLinkChanges: Sendable {
    /// Whether the link is there after the batch, in the order in which links were first named.
    private var isPresent: [Key: Bool] = [:]
    private var order: [Key] = []

    private struct Key: Hashable {
        var task: UserTaskID
        var link: IdentityLink
    }

    package init() {}

    package var isEmpty: Bool { isPresent.isEmpty }

    var added: [TaskLink] { links(thatArePresent: true) }
    var removed: [TaskLink] { links(thatArePresent: false) }

    mutating func add(_ link: IdentityLink, to task: UserTaskID) { set(true, Key(task: task, link: link)) }

    mutating func remove(_ link: IdentityLink, from task: UserTaskID) { set(false, Key(task: task, link: link)) }

    /// Forgets the links of a task that ended.
    mutating func drop(of task: UserTaskID) {
        guard !isEmpty else { return }
        isPresent = isPresent.filter { $0.key.task != task }
        order.removeAll { $0.task == task }
    }

    private mutating func set(_ isPresent: Bool, _ key: Key) {
        if self.isPresent.updateValue(isPresent, forKey: key) == nil { order.append(key) }
    }

    private func links(thatArePresent: Bool) -> [TaskLink] {
        order.filter { isPresent[$0] == thatArePresent }.map { TaskLink(task: $0.task, link: $0.link) }
    }
}

/// A link with the task that it belongs to.
struct TaskLink: Sendable, Hashable {
    var task: UserTaskID
    var link: IdentityLink

    var user: String? {
        if case .user(let user) = link.party { user } else { nil }
    }

    var group: String? {
        if case .group(let group) = link.party { group } else { nil }
    }
}

/// Inserts identity links, except those that are there.
struct InsertIdentityLinks: Statement {
    var links: [TaskLink]

    static let sql: SQLText = """
        insert into identity_link (task_id, type, user_id, group_id)
        select task_id, type, user_id, group_id
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as row (task_id, type, user_id, group_id)
        on conflict do nothing
        """

    static let parameters = ParameterEncoder(\Self.tasks, \.types, \.users, \.groups)

    private var tasks: [UUID] { links.map(\.task.rawValue) }
    private var types: [String] { links.map(\.link.type) }
    private var users: [String?] { links.map(\.user) }
    private var groups: [String?] { links.map(\.group) }
}

/// Removes identity links.
struct DeleteIdentityLinks: Statement {
    var links: [TaskLink]

    static let sql: SQLText = """
        delete from identity_link as link
        using unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as row (task_id, type, user_id, group_id)
        where link.task_id = row.task_id and link.type = row.type
            and link.user_id is not distinct from row.user_id and link.group_id is not distinct from row.group_id
        """

    static let parameters = ParameterEncoder(\Self.tasks, \.types, \.users, \.groups)

    private var tasks: [UUID] { links.map(\.task.rawValue) }
    private var types: [String] { links.map(\.link.type) }
    private var users: [String?] { links.map(\.user) }
    private var groups: [String?] { links.map(\.group) }
}
