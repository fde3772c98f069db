import HTTPTypes

extension MissingPermission {
    /// The permission that an operation asks for, as its method and path tell.
    static func wanted(by route: Route, _ path: PathParameters) -> MissingPermission {
        let steps = route.pattern.split(separator: "/").map(String.init)
        let id = path.names.contains("id") ? path["id"] : path.names.contains("key") ? path["key"] : nil
        let isHistory = steps.first == "history"
        let isStart = steps.last == "start"
        if isStart { return MissingPermission("CREATE", on: "ProcessInstance") }
        if steps.last?.hasSuffix("-async") == true { return MissingPermission("CREATE", on: "Batch") }
        let resource = isHistory ? "ProcessDefinition" : Self.resource(named: steps.first ?? "")
        return MissingPermission(name(of: route.method, steps, isHistory), on: resource, isHistory ? nil : id)
    }

    private static func name(of method: HTTPRequest.Method, _ steps: [String], _ isHistory: Bool) -> String {
        let isQuestion = steps.count == 1 || steps.last == "count" || (isHistory && steps.count == 2)
        return switch method {
        case .get, .head: isHistory ? "READ_HISTORY" : "READ"
        case .delete: isHistory ? "DELETE_HISTORY" : "DELETE"
        case .post where isQuestion: isHistory ? "READ_HISTORY" : "READ"
        case .post where steps.last == "create": "CREATE"
        default: "UPDATE"
        }
    }

    /// What the contract calls the things below a path.
    private static func resource(named step: String) -> String {
        switch step {
        case "deployment": "Deployment"
        case "process-definition": "ProcessDefinition"
        case "task": "Task"
        case "batch": "Batch"
        default: "ProcessInstance"
        }
    }
}
