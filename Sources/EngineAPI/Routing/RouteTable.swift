import HTTPTypes

/// All operations, by path and method.
///
/// A pattern is a path below the API's root, its parameters in braces: `/external-task/{id}/complete`. A literal step
/// goes before a parameter. Handlers get a ``Call`` and answer with an ``Answer``, or throw ``APIError``, a rejection of
/// the engine or a failure of the database, which the responder turns into the contract's error:
///
///     extension RouteTable {
///         mutating func addIncidentQueries() {
///             get("/incident/{id}") { call in
///                 let incident = try await call.engine.incident(call.path["id"])
///                 return .json { $0.incident(incident) }
///             }
///         }
///     }
struct RouteTable: Sendable {
    private var root = Node()
    /// The number of routes.
    private(set) var count = 0

    fileprivate struct Node: Sendable {
        var literals: [String: Node] = [:]
        /// The step for any other text; none or one.
        var parameter: [Node] = []
        var routes: [HTTPRequest.Method: Route] = [:]
    }

    /// What is found at a path.
    enum Match {
        case route(Route, [String])
        /// The path exists, with these methods.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    /// Finds the route for a path, given as its decoded steps.
    func match(_ steps: [String], method: HTTPRequest.Method) -> Match {
        var search = Search(method: method)
        search.visit(root, steps[...], values: [])
        if let (route, values) = search.found { return .route(route, values) }
        return search.otherMethods.isEmpty ? .nothing : .otherMethods(search.otherMethods)
    }

    /// Every operation, in no particular order.
    var operations: [(method: HTTPRequest.Method, route: Route)] { root.operations }

    private struct Search {
        let method: HTTPRequest.Method
        var found: (Route, [String])?
        var otherMethods: [HTTPRequest.Method] = []

        mutating func visit(_ node: Node, _ steps: ArraySlice<String>, values: [String]) {
            guard found == nil else { return }
            guard let step = steps.first else { return end(at: node, values) }
            if let next = node.literals[step] { visit(next, steps.dropFirst(), values: values) }
            for next in node.parameter { visit(next, steps.dropFirst(), values: values + [step]) }
        }

        private mutating func end(at node: Node, _ values: [String]) {
            if let route = node.routes[method] ?? (method == .head ? node.routes[.get] : nil) {
                found = (route, values)
            } else {
                otherMethods += node.routes.keys
            }
        }
    }
}

// MARK: Adding routes

extension RouteTable {
    /// Adds an operation that reads.
    ///
    /// HEAD comes with it.
    mutating func get(
        _ pattern: String,
        produces: Route.Produces = .json,
        needsEngine: Bool = true,
        _ handler: @escaping Route.Handler
    ) {
        add(.get, pattern, consumes: .anything, produces: produces, needsEngine: needsEngine, handler)
    }

    /// Adds an operation with a body in JSON.
    mutating func post(
        _ pattern: String,
        consumes: Route.Consumes = .only(.json),
        produces: Route.Produces = .anything,
        _ handler: @escaping Route.Handler
    ) {
        add(.post, pattern, consumes: consumes, produces: produces, handler)
    }

    /// Adds an operation with a body in JSON.
    mutating func put(
        _ pattern: String,
        consumes: Route.Consumes = .only(.json),
        produces: Route.Produces = .anything,
        _ handler: @escaping Route.Handler
    ) {
        add(.put, pattern, consumes: consumes, produces: produces, handler)
    }

    /// Adds an operation without a body.
    mutating func delete(_ pattern: String, _ handler: @escaping Route.Handler) {
        add(.delete, pattern, consumes: .anything, produces: .anything, handler)
    }

    private mutating func add(
        _ method: HTTPRequest.Method,
        _ pattern: String,
        consumes: Route.Consumes,
        produces: Route.Produces,
        needsEngine: Bool = true,
        _ handler: @escaping Route.Handler
    ) {
        let steps = pattern.split(separator: "/").map(String.init)
        let names = steps.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        let route = Route(
            index: count,
            method: method,
            pattern: pattern,
            parameters: names,
            consumes: consumes,
            produces: produces,
            needsEngine: needsEngine,
            access: Route.Access(method, pattern),
            handler: handler
        )
        root.insert(route, method: method, at: steps[...])
        count += 1
    }
}

extension RouteTable.Node {
    fileprivate var operations: [(method: HTTPRequest.Method, route: Route)] {
        routes.map { (method: $0.key, route: $0.value) } + literals.values.flatMap(\.operations)
            + parameter.flatMap(\.operations)
    }

    fileprivate mutating func insert(_ route: Route, method: HTTPRequest.Method, at steps: ArraySlice<String>) {
        guard let step = steps.first else {
            precondition(routes.updateValue(route, forKey: method) == nil, "Two routes for one method and path")
            return
        }
        guard step.hasPrefix("{") else {
            return literals[step, default: Self()].insert(route, method: method, at: steps.dropFirst())
        }
        if parameter.isEmpty { parameter = [Self()] }
        parameter[0].insert(route, method: method, at: steps.dropFirst())
    }
}
