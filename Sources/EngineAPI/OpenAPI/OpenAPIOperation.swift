import HTTPTypes
import JSON

/// One operation in the OpenAPI document.
///
///     OpenAPIOperation(
///         .post, "/external-task/{id}/complete", "completeExternalTaskResource", "Complete a task",
///         "Ends the task, which its worker must hold, and moves the process on.",
///         body: "CompleteExternalTask", answers: [.noContent], errors: [.notFound]
///     )
struct OpenAPIOperation: Sendable {
    var method: HTTPRequest.Method
    var path: String
    var id: String
    var summary: String
    var description: String
    var query: [OpenAPIParameter]
    /// The name of the schema of the body, which is JSON or a form as the route says; nil when there is none.
    var body: String?
    var answers: [OpenAPIAnswer]
    /// The errors that do not come with the route.
    var errors: [OpenAPIError]

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ id: String,
        _ summary: String,
        _ description: String = "",
        query: [OpenAPIParameter] = [],
        body: String? = nil,
        answers: [OpenAPIAnswer],
        errors: [OpenAPIError] = []
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.summary = summary
        self.description = description
        self.query = query
        self.body = body
        self.answers = answers
        self.errors = errors
    }
}

/// A parameter of a query string.
struct OpenAPIParameter: Sendable {
    var name: String
    var description: String
    var schema: JSONValue

    static func text(_ name: String, _ description: String) -> Self {
        Self(name: name, description: description, schema: ["type": "string"])
    }

    static func flag(_ name: String, default missing: Bool = false, _ description: String) -> Self {
        Self(name: name, description: description, schema: ["type": "boolean", "default": .boolean(missing)])
    }

    static func number(_ name: String, _ description: String) -> Self {
        Self(name: name, description: description, schema: ["type": "integer", "format": "int32"])
    }

    static let deserializeValues = flag(
        "deserializeValues",
        default: true,
        "Whether objects in JSON are answered as JSON, not as the text that is stored."
    )
    static let deserializeValue = flag(
        "deserializeValue",
        default: true,
        "Whether an object in JSON is answered as JSON, not as the text that is stored."
    )
}

/// An answer that says yes.
struct OpenAPIAnswer: Sendable {
    var status: Int
    var description: String
    /// The schemas by media type.
    var content: JSONObject
    /// Whether there may also be no content; stands in the document as an extension.
    var mayBeEmpty = false

    /// 204.
    static let noContent = noContent("Done.")

    /// 204.
    static func noContent(_ description: String) -> Self { Self(status: 204, description: description, content: [:]) }

    /// 200 with a value in JSON.
    static func ok(_ schema: String, _ description: String = "Found.") -> Self {
        ok(.reference("schemas", schema), description)
    }

    /// 200 with a list in JSON.
    static func list(_ schema: String, _ description: String = "The list; empty when nothing matches.") -> Self {
        ok(["type": "array", "items": .reference("schemas", schema)], description)
    }

    /// 200 with a value in JSON.
    static func ok(_ schema: JSONValue, _ description: String) -> Self {
        Self(status: 200, description: description, content: ["application/json": ["schema": schema]])
    }

    /// 503 of a poll: the error that comes with the route, or no content at all.
    static let unavailableOrReplaced = Self(
        status: 503,
        description: "The server cannot at the moment; without content, when a newer poll of the same worker waits.",
        content: ["application/json": ["schema": .reference("schemas", "Error")]],
        mayBeEmpty: true
    )

    /// The same with HAL as the other form.
    func orHAL(_ schema: String) -> Self {
        var answer = self
        answer.content["application/hal+json"] = ["schema": .reference("schemas", schema)]
        return answer
    }

    /// 200 with plain text.
    static func text(_ description: String) -> Self {
        Self(status: 200, description: description, content: ["text/plain": ["schema": ["type": "string"]]])
    }

    /// 200 with bytes of a kind that is known only when they are there.
    static func content(_ description: String) -> Self {
        let bytes: JSONValue = ["schema": ["type": "string", "format": "binary"]]
        return Self(status: 200, description: description, content: ["*/*": bytes])
    }
}

/// An answer that says no; all operations describe it in the same words.
enum OpenAPIError: Int, Sendable, CaseIterable {
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case notAcceptable = 406
    case tooLarge = 413
    case wrongContentType = 415
    case engineError = 500
    case unavailable = 503

    /// The name among the document's `responses`.
    var name: String {
        switch self {
        case .badRequest: "BadRequest"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "NotFound"
        case .notAcceptable: "NotAcceptable"
        case .tooLarge: "TooLarge"
        case .wrongContentType: "WrongContentType"
        case .engineError: "EngineError"
        case .unavailable: "Unavailable"
        }
    }
}

// MARK: As JSON

extension OpenAPIOperation {
    /// The operation as it stands in the document.
    func json(_ part: OpenAPIPart, route: Route) -> JSONObject {
        var json: JSONObject = ["operationId": .string(id), "tags": [.string(part.tag)], "summary": .string(summary)]
        if !description.isEmpty { json["description"] = .string(description) }
        let parameters = route.parameters.map { Self.pathParameter($0, part) } + query.map(\.json)
        if !parameters.isEmpty { json["parameters"] = .array(parameters) }
        if let body, case .only(let kind) = route.consumes {
            let content: JSONValue = [kind.description: ["schema": .reference("schemas", body)]]
            json["requestBody"] = ["content": content, "required": .boolean(kind == .form)]
        }
        // The list of engines is for everybody.
        if path == "/engine" { json["security"] = [] }
        json["responses"] = .object(responses(route))
        return json
    }

    private func responses(_ route: Route) -> JSONObject {
        var responses = JSONObject()
        for answer in answers { responses[String(answer.status)] = answer.json }
        for error in OpenAPIError.allCases where errors.contains(error) || error.comes(with: route) {
            guard responses[String(error.rawValue)] == nil else { continue }
            responses[String(error.rawValue)] = .reference("responses", error.name)
        }
        return responses
    }

    private static func pathParameter(_ name: String, _ part: OpenAPIPart) -> JSONValue {
        var json: JSONObject = ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        if let description = part.pathParameters[name] { json["description"] = .string(description) }
        return .object(json)
    }
}

extension OpenAPIError {
    /// Whether the error can be the answer to any operation with such a route.
    fileprivate func comes(with route: Route) -> Bool {
        let (takesJSON, takesForm) = (route.consumes == .only(.json), route.consumes == .only(.form))
        return switch self {
        case .badRequest: route.needsEngine
        case .forbidden, .unavailable: route.needsEngine
        case .unauthorized: true
        // A server that asks who calls says that an engine does not exist.
        case .notFound: route.pattern != "/engine"
        case .notAcceptable: route.produces != .anything
        case .tooLarge, .wrongContentType: takesJSON || takesForm
        case .engineError: takesJSON
        }
    }
}

extension OpenAPIParameter {
    var json: JSONValue {
        var json: JSONObject = ["name": .string(name), "in": "query"]
        if !description.isEmpty { json["description"] = .string(description) }
        // A list is one text with commas.
        if schema["type"] == "array" {
            json["style"] = "form"
            json["explode"] = false
        }
        json["schema"] = schema
        return .object(json)
    }
}

extension OpenAPIAnswer {
    fileprivate var json: JSONValue {
        var json: JSONObject = ["description": .string(description)]
        if !content.isEmpty { json["content"] = .object(content) }
        if mayBeEmpty { json["x-may-be-empty"] = true }
        return .object(json)
    }
}
