import HTTPTypes
import JSON

/// The OpenAPI document of this server: exactly the operations that it has.
///
/// It is put together when it is asked for first; what is kept is its text.
struct OpenAPIDocument: Sendable {
    /// A place in the parts that makes no document.
    struct Flaw: Error, CustomStringConvertible {
        var description: String
    }

    static let version = "3.0.3"

    /// The document below the API's root.
    static let whole = Result { try OpenAPIDocument() }
    /// The document below an engine's prefix, where the list of engines is missing.
    static let ofOneEngine = Result { try OpenAPIDocument(isOfOneEngine: true) }

    /// All members but those that depend on the request, as JSON without braces.
    private let members: ArraySlice<UInt8>

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - routes: The operations, which say what they take and give.
    ///   - parts: What is said about them.
    ///   - isOfOneEngine: Whether the list of engines is left out.
    /// - Throws: ``Flaw`` for an operation without a route or described twice; ``JSONSyntaxError`` for a schema that is
    ///   not JSON.
    init(routes: RouteTable = .all, parts: [OpenAPIPart] = OpenAPIPart.all, isOfOneEngine: Bool = false) throws {
        var paths = JSONObject()
        var schemas = JSONObject()
        var found: [Key: Route] = [:]
        for (method, route) in routes.operations { found[Key(method: method, pattern: route.pattern)] = route }
        for part in parts {
            let own = try part.schemas()
            // Filters that are no body of a POST stand among the parameters only.
            let parameters = part.lists.filter { !$0.isByPost }.map(\.filters)
            for (name, schema) in own where !parameters.contains(name) { try schemas.add(schema, as: name) }
            for operation in part.lists.flatMap({ $0.operations(schemas: own) }) + part.operations {
                if isOfOneEngine, operation.path == "/engine" { continue }
                guard let route = found[Key(method: operation.method, pattern: operation.path)] else {
                    throw Flaw(description: "There is no operation \(operation.method) \(operation.path)")
                }
                var item = paths[operation.path]?.members ?? [:]
                let method = operation.method.rawValue.lowercased()
                try item.add(.object(operation.json(part, route: route)), as: method)
                paths[operation.path] = .object(item)
            }
        }
        let members: JSONValue = [
            "tags": .array(
                parts.filter(\.hasOperations).map { ["name": .string($0.tag), "description": .string($0.description)] }
            ),
            // Any one of them, or none where nobody is asked.
            "security": [[:], ["basic": []], ["bearer": []]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas), "responses": .object(Self.responses),
                "securitySchemes": [
                    "basic": ["type": "http", "scheme": "basic"],
                    "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                ],
            ],
        ]
        self.members = members.encoded().dropFirst().dropLast()
    }

    private struct Key: Hashable {
        var method: HTTPRequest.Method
        var pattern: String
    }

    /// About how many bytes the document has.
    var size: Int { members.count + Self.introduction.utf8.count }

    /// Writes the document for a server.
    ///
    /// - Parameters:
    ///   - writer: Where it is written.
    ///   - address: The absolute address below which the paths are.
    ///   - contractVersion: The version of the contract that the server keeps.
    func write(to writer: inout JSONWriter, address: String, contractVersion: String) {
        writer.beginObject()
        writer.member("openapi", Self.version)
        writer.key("info")
        writer.beginObject()
        writer.member("title", "Baton")
        writer.member("version", contractVersion)
        writer.member("description", Self.introduction)
        writer.endObject()
        writer.key("servers")
        writer.beginArray()
        writer.beginObject()
        writer.member("url", address)
        writer.endObject()
        writer.endArray()
        writer.raw(members)
        writer.endObject()
    }

    private static let introduction = """
        The REST API of this server: the operations that it has, of those of the Camunda 7 REST API.

        All of them are also there below `/engine/{name}`, but for the list of engines. HEAD is answered like GET, \
        without content. Unknown parameters and members of bodies are ignored; one that is null or missing does not \
        matter unless it is required. An unknown path is answered with 404, a known one with another method with \
        405, either with 401 when the server asks who calls, what is not HTTP with 400 or 408 and no content. Moments \
        are written as `2025-03-09T14:05:00.250+0000`.
        """
}

extension JSONObject {
    /// Adds a member that must be new.
    fileprivate mutating func add(_ value: JSONValue, as name: String) throws {
        guard self[name] == nil else { throw OpenAPIDocument.Flaw(description: "\(name) is described twice") }
        self[name] = value
    }
}

// MARK: Errors

extension OpenAPIDocument {
    private static var responses: JSONObject {
        JSONObject(OpenAPIError.allCases.map { ($0.name, $0.response) })
    }
}

extension OpenAPIError {
    fileprivate var response: JSONValue {
        var response: JSONObject = ["description": .string(description)]
        switch self {
        case .unauthorized:
            response["headers"] = ["WWW-Authenticate": ["schema": ["type": "string"]]]
        case .forbidden:
            response["content"] = ["application/json": ["schema": .reference("schemas", "AuthorizationError")]]
        case .badRequest, .notFound, .notAcceptable, .tooLarge, .wrongContentType, .engineError,
            .unavailable:
            response["content"] = ["application/json": ["schema": .reference("schemas", "Error")]]
        }
        if self == .unavailable { response["headers"] = ["Retry-After": ["schema": ["type": "integer"]]] }
        return .object(response)
    }

    private var description: String {
        switch self {
        case .badRequest: "The request makes no sense, what it names is in the wrong state, or there is no such engine."
        case .unauthorized: "The server wants to know who is asking, and the credentials are missing or wrong."
        case .forbidden: "Who is asking may not do this."
        case .notFound: "What the request names does not exist, its engine included, or a number in the query is none."
        case .notAcceptable: "The answer has none of the forms that the client accepts."
        case .tooLarge: "The body is larger than the server takes."
        case .wrongContentType: "The body is not of the kind that the operation takes, or its kind is not named."
        case .engineError: "The engine refuses, for one of the reasons that the contract answers with this status."
        case .unavailable: "The database is away or the server has too much to do; the same request may succeed soon."
        }
    }
}
