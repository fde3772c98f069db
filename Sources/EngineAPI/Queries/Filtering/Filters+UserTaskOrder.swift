import EngineStore
import JSON

extension Filters {
    /// The wanted order of user tasks: by fields and, in a body, by variables.
    func userTaskOrder() throws(APIError) -> [UserTaskOrder] {
        switch source {
        case .query: return try sorting(by: UserTaskQuery.Field.self).map { .field($0) }
        case .body(let body):
            var order = try Self.single(try body.string("sortBy"), try body.string("sortOrder")).map {
                UserTaskOrder.field($0)
            }
            for entry in try body.list("sorting") ?? [] { order.append(try Self.order(entry)) }
            return order
        }
    }

    private static func order(_ entry: JSONFields?) throws(APIError) -> UserTaskOrder {
        let owner: VariableOrder.Owner
        switch try entry?.string("sortBy") {
        case "processVariable": owner = .processInstance
        case "executionVariable": owner = .scope
        case "taskVariable": owner = .task
        // No task belongs to a case.
        case "caseExecutionVariable": return .field(Sorting(.caseExecutionId, try direction(entry)))
        case "caseInstanceVariable": return .field(Sorting(.caseInstanceId, try direction(entry)))
        default: return .field(try sorting(entry))
        }
        let parameters = try entry?.fields("parameters")
        guard let name = try parameters?.string("variable") else { throw .missing("variableName") }
        guard let type = try parameters?.string("type") else { throw .missing("variableType") }
        guard let known = sortableTypes.first(where: { $0.lowercased() == type.lowercased() }) else {
            throw .invalidRequest("Cannot sort by variables of type '\(type)'")
        }
        return .variable(VariableOrder(name: name, type: known, of: owner, try direction(entry)))
    }

    private static let sortableTypes = ["String", "Boolean", "Short", "Integer", "Long", "Double", "Date"]
}
