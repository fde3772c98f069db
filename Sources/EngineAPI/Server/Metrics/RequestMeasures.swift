import HTTPTypes
import Measures

/// What is counted of all requests of a server.
struct RequestMeasures: Sendable {
    /// By the routes' places.
    private let operations: [OperationMeasures]
    /// Requests that no operation was found for, or that nobody was let in with.
    let others = OperationMeasures(method: "_any", route: "_none")
    let health = OperationMeasures(method: "GET", route: "/health")
    let metrics = OperationMeasures(method: "GET", route: "/metrics")

    init(of table: RouteTable) {
        operations = table.operations.map(\.route).sorted { $0.index < $1.index }.map { route in
            OperationMeasures(method: route.method.rawValue, route: route.pattern)
        }
    }

    subscript(route: Route) -> OperationMeasures { operations[route.index] }

    /// Adds what there was.
    func show(in page: inout PrometheusText) {
        for operation in operations + [others, health, metrics] { operation.show(in: &page) }
    }
}
