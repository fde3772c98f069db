import JSON

/// What the OpenAPI document says about one resource.
///
/// Every operation of ``RouteTable/all`` is described in exactly one part, and all parts are in ``OpenAPIPart/all``.
/// Tests see to it: they name an operation that is not described, a `$ref` to nothing, and each answer of an HTTP test
/// that the document does not allow. To describe a new operation, add to the part of its resource (or add a part):
///
/// 1. an ``OpenAPIOperation``, or an ``OpenAPIList`` for a list and its count;
/// 2. the objects that it answers with, in `answers`, and those that it takes, in `requests`: schemas in JSON, as
///    OpenAPI 3.0 has them. What several parts need is in ``server``.
///
/// What can be known without you is filled in:
///
/// - errors that come with the route: of its body (400, 413, 415, 500), of its forms (406), of its engine (400, 401,
///   403, 404, 503); you only list those that the operation itself knows, mostly `.notFound` and `.engineError`;
/// - path parameters, by `pathParameters`;
/// - all members of an object in `answers` are required but those in `x-optional`, and there are no others unless
///   `additionalProperties` says so: the contract writes absent values as null;
/// - all members of an object in `requests` may be null, unless they are in `required`.
///
/// Descriptions are short and our own.
struct OpenAPIPart: Sendable {
    /// The name under which readers find the operations.
    var tag: String
    var description: String
    /// What the parameters of the paths stand for, by name.
    var pathParameters: [String: String] = [:]
    var lists: [OpenAPIList] = []
    var operations: [OpenAPIOperation] = []
    /// The schemas of what is answered, by name: one object in JSON.
    var answers = "{}"
    /// The schemas of what is taken, by name: one object in JSON.
    var requests = "{}"
}

extension OpenAPIPart {
    /// Whether the part is more than schemas.
    var hasOperations: Bool { !lists.isEmpty || !operations.isEmpty }

    /// The schemas by name, completed.
    ///
    /// - Throws: ``JSONSyntaxError`` when a text is not JSON.
    func schemas() throws -> JSONObject {
        var schemas = JSONObject()
        for (name, schema) in try JSONParser.parse(answers).members { schemas[name] = schema.completedAnswer }
        for (name, schema) in try JSONParser.parse(requests).members { schemas[name] = schema.completedRequest }
        for list in lists {
            guard let filters = schemas[list.filters] else { continue }
            schemas[list.filters] = list.withSorting(filters)
        }
        return schemas
    }
}

// MARK: Schemas

extension JSONValue {
    /// The members of an object; none of anything else.
    var members: JSONObject { objectValue ?? [:] }

    /// A reference to a component of the document: `#/components/schemas/Error`.
    static func reference(_ kind: String, _ name: String) -> JSONValue {
        ["$ref": .string("#/components/\(kind)/\(name)")]
    }

    /// The schema of an object that always has all of its members and no others.
    fileprivate var completedAnswer: JSONValue {
        guard case .object(var schema) = rewritingSchemas({ $0.completedAnswer }) else { return self }
        if let properties = schema["properties"] {
            let optional = schema["x-optional"]?.arrayValue ?? []
            let required = properties.members.keys.map(JSONValue.string).filter { !optional.contains($0) }
            schema["x-optional"] = nil
            // OpenAPI 3.0 does not know an empty list here.
            schema["required"] = required.isEmpty ? nil : .array(required)
            if schema["additionalProperties"] == nil { schema["additionalProperties"] = false }
        }
        return .object(schema)
    }

    /// The schema of an object whose members may be null where they may be missing.
    fileprivate var completedRequest: JSONValue {
        guard case .object(var schema) = rewritingSchemas({ $0.completedRequest }) else { return self }
        guard var properties = schema["properties"]?.objectValue else { return .object(schema) }
        let required = schema["required"]?.arrayValue ?? []
        for (name, property) in properties where !required.contains(.string(name)) {
            guard case .object(var property) = property, property["$ref"] == nil, property["type"] != nil else {
                continue
            }
            property["nullable"] = true
            properties[name] = .object(property)
        }
        schema["properties"] = .object(properties)
        return .object(schema)
    }

    /// The schema with the schemas inside it rewritten.
    private func rewritingSchemas(_ rewrite: (JSONValue) -> JSONValue) -> JSONValue {
        guard case .object(var schema) = self else { return self }
        for keyword in ["items", "additionalProperties"] { schema[keyword] = schema[keyword].map(rewrite) }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            schema[keyword] = schema[keyword]?.arrayValue.map { .array($0.map(rewrite)) }
        }
        if let properties = schema["properties"]?.objectValue {
            schema["properties"] = .object(JSONObject(properties.map { ($0.key, rewrite($0.value)) }))
        }
        return .object(schema)
    }
}
