import HTTPTypes

/// One operation: what it takes, what it answers with, and who does it.
struct Route: Sendable {
    typealias Handler = @Sendable (Call) async throws -> Answer

    /// What the body must be.
    enum Consumes: Sendable, Hashable {
        /// There is none, or it does not matter.
        case anything
        case only(MediaType)
    }

    /// What the answer is.
    enum Produces: Sendable, Hashable {
        /// No content, or content of a kind known only when it is there.
        case anything
        /// One of these, the preferred one first.
        case kinds([MediaType])

        static let json = Produces.kinds([.json])
    }

    /// Its place among all routes.
    let index: Int
    let method: HTTPRequest.Method
    /// The path below the API's root, its parameters in braces.
    let pattern: String
    /// The names of the path's parameters, in order.
    let parameters: [String]
    let consumes: Consumes
    let produces: Produces
    /// Whether the operation concerns the engine that the path names.
    let needsEngine: Bool
    /// Who may use it.
    let access: Access
    let handler: Handler
}

/// The values of a path's parameters.
struct PathParameters: Sendable {
    let names: [String]
    let values: [String]

    /// The value of a parameter that the route's pattern has, percent-decoded.
    subscript(_ name: String) -> String {
        guard let index = names.firstIndex(of: name) else {
            preconditionFailure("The route has no parameter \(name)")
        }
        return values[index]
    }
}
