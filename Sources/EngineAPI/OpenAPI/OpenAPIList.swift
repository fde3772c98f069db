import EngineStore
import HTTPTypes
import JSON

/// A list and its count in the OpenAPI document, by GET and, where the contract has it, by POST.
///
/// The filters are described once, as the schema of the POST's body; the GET's parameters follow from it.
struct OpenAPIList: Sendable {
    /// The operation ids, as the contract has them; those by POST may be missing.
    struct Names: Sendable {
        var list: String
        var count: String
        var query: String?
        var queryCount: String?

        init(_ list: String, _ count: String, query: String? = nil, queryCount: String? = nil) {
            self.list = list
            self.count = count
            self.query = query
            self.queryCount = queryCount
        }
    }

    private let path: String
    /// What is listed, in the plural: `external tasks`.
    private let noun: String
    /// The name of the schema of an element.
    private let element: String
    /// The name of the schema of the filters.
    let filters: String
    private let names: Names
    private let sortFields: [String]
    /// Parameters of the lists that are no filters.
    private let parameters: [OpenAPIParameter]
    /// The name of the schema of the list as HAL, where there is one.
    private let hal: String?
    /// What variables a body can sort by: values of `sortBy` that take parameters.
    private let sortVariables: [String]
    /// Errors of lists and counts that do not come with their routes.
    private let errors: [OpenAPIError]

    init<Field: SortField>(
        _ path: String,
        _ noun: String,
        of element: String,
        filters: String,
        sortedBy field: Field.Type,
        names: Names,
        parameters: [OpenAPIParameter] = [],
        hal: String? = nil,
        sortVariables: [String] = [],
        errors: [OpenAPIError] = []
    ) {
        self.path = path
        self.noun = noun
        self.element = element
        self.filters = filters
        self.names = names
        self.parameters = parameters
        self.hal = hal
        self.sortVariables = sortVariables
        self.errors = errors
        sortFields = field.allCases.map(\.rawValue)
    }

    /// Whether there is a list by POST, whose body is the filters.
    var isByPost: Bool { names.query != nil }

    /// The two or four operations.
    func operations(schemas: JSONObject) -> [OpenAPIOperation] {
        let filterParameters = filterParameters(schemas)
        let get = OpenAPIOperation(
            .get,
            path,
            names.list,
            "List \(noun)",
            "Those that match all filters; without filters all.",
            query: filterParameters + sortParameters + Self.page + parameters,
            answers: [hal.map { OpenAPIAnswer.list(element).orHAL($0) } ?? .list(element)],
            errors: [.notFound] + errors
        )
        let getCount = OpenAPIOperation(
            .get,
            path + "/count",
            names.count,
            "Count \(noun)",
            query: filterParameters,
            answers: [.ok("Count")],
            errors: errors
        )
        guard let query = names.query, let queryCount = names.queryCount else { return [get, getCount] }
        let post = OpenAPIOperation(
            .post,
            path,
            query,
            "List \(noun), asked for by a body",
            "Like the list by GET; the page is still asked for in the query string.",
            query: Self.page + parameters,
            body: filters,
            answers: [.list(element)],
            errors: [.notFound]
        )
        let postCount = OpenAPIOperation(
            .post,
            path + "/count",
            queryCount,
            "Count \(noun), asked for by a body",
            body: filters,
            answers: [.ok("Count")]
        )
        return [get, getCount, post, postCount]
    }

    /// The schema of the filters with what a body can say about the order.
    func withSorting(_ filters: JSONValue) -> JSONValue {
        guard case .object(var schema) = filters, var properties = schema["properties"]?.objectValue else {
            return filters
        }
        properties["sorting"] = [
            "type": "array", "nullable": true, "description": "The order: by the first, then by the next.",
            "items": [
                "type": "object", "required": ["sortBy", "sortOrder"], "properties": .object(bodySortProperties),
            ],
        ]
        schema["properties"] = .object(properties)
        return .object(schema)
    }
}

extension OpenAPIList {
    private static let page: [OpenAPIParameter] = [
        .number("firstResult", "How many elements to leave out at the beginning."),
        .number("maxResults", "The most elements to answer with; all when missing."),
    ]

    private static let sortOrder: JSONValue = ["type": "string", "enum": ["asc", "desc"]]

    private var sortProperties: JSONObject {
        let sortBy: JSONValue = ["type": "string", "enum": .array(sortFields.map(JSONValue.string))]
        return ["sortBy": sortBy, "sortOrder": Self.sortOrder]
    }

    /// The same in a body.
    private var bodySortProperties: JSONObject {
        guard !sortVariables.isEmpty else { return sortProperties }
        let names = sortFields + sortVariables
        return [
            "sortBy": ["type": "string", "enum": .array(names.map(JSONValue.string))], "sortOrder": Self.sortOrder,
            "parameters": [
                "type": "object", "nullable": true, "description": "Which variable to sort by.",
                "properties": ["variable": ["type": "string"], "type": ["type": "string"]],
            ],
        ]
    }

    private var sortParameters: [OpenAPIParameter] {
        sortProperties.map { name, schema in
            let description =
                name == "sortBy" ? "What to sort by; needs `sortOrder`." : "The direction; needs `sortBy`."
            return OpenAPIParameter(name: name, description: description, schema: schema)
        }
    }

    private func filterParameters(_ schemas: JSONObject) -> [OpenAPIParameter] {
        let properties = schemas[filters]?["properties"]?.members ?? [:]
        return properties.filter { $0.key != "sorting" && $0.key != "orQueries" }.map { name, property in
            var description = property["description"]?.stringValue ?? ""
            var schema = property.members
            schema["description"] = nil
            schema["nullable"] = nil
            if property["items"] == .reference("schemas", "VariableCondition") {
                description += " As `name_operator_value`, several with commas; values are texts."
                schema = ["type": "string"]
            }
            if property["items"] == .reference("schemas", "MomentCondition") {
                description += " As `operator_date`, several with commas."
                schema = ["type": "string"]
            }
            if schema["$ref"] == nil, schema["type"] == nil { schema["type"] = "string" }
            return OpenAPIParameter(name: name, description: description, schema: .object(schema))
        }
    }
}
