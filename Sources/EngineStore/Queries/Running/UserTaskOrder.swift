import Postgres

/// One part of the order of a list of user tasks.
package enum UserTaskOrder: Sendable, Hashable {
    case field(Sorting<UserTaskQuery.Field>)
    case variable(VariableOrder)

    func append(to query: inout DynamicQuery) {
        switch self {
        case .field(let sorting): sorting.append(to: &query)
        case .variable(let order): order.append(to: &query)
        }
    }
}

/// The order of tasks by a variable's value; tasks without one come where nulls do.
package struct VariableOrder: Sendable, Hashable {
    package var name: String
    /// The type's name; other values of this name do not count.
    package var type: String
    package var owner: Owner
    package var direction: SortDirection

    /// Whose variable is meant.
    package enum Owner: Sendable, Hashable {
        case processInstance
        /// The scope around the task.
        case scope
        case task
    }

    package init(name: String, type: String, of owner: Owner, _ direction: SortDirection) {
        self.name = name
        self.type = type
        self.owner = owner
        self.direction = direction
    }

    func append(to query: inout DynamicQuery) {
        query.append(selection)
        query.append(" and v.name = ", name)
        query.append(" and v.type = ", type)
        query.append(direction == .ascending ? "), " : ") desc, ")
    }

    private var selection: StaticString {
        switch (owner, column) {
        case (.processInstance, .text): "(select v.text_value from variable v where v.owner_id = u.instance_id"
        case (.processInstance, .long): "(select v.long_value from variable v where v.owner_id = u.instance_id"
        case (.processInstance, .double): "(select v.double_value from variable v where v.owner_id = u.instance_id"
        case (.scope, .text): "(select v.text_value from variable v where v.owner_id = u.scope_id"
        case (.scope, .long): "(select v.long_value from variable v where v.owner_id = u.scope_id"
        case (.scope, .double): "(select v.double_value from variable v where v.owner_id = u.scope_id"
        case (.task, .text): "(select v.text_value from variable v where v.owner_id = u.id"
        case (.task, .long): "(select v.long_value from variable v where v.owner_id = u.id"
        case (.task, .double): "(select v.double_value from variable v where v.owner_id = u.id"
        }
    }

    private enum Column { case text, long, double }

    private var column: Column {
        switch type {
        case "Short", "Integer", "Long", "Boolean", "Date": .long
        case "Double": .double
        default: .text
        }
    }
}
