import HTTPTypes
import JSON
import Testing

@testable import EngineAPI

@Suite struct `The OpenAPI document` {
    private let document: JSONValue
    private let paths: JSONObject

    init() throws {
        document = try Documentation.current.get().document
        paths = try #require(document["paths"]?.objectValue)
    }

    private var operations: [(name: String, json: JSONValue)] {
        paths.flatMap { path, item in
            (item.objectValue ?? [:]).map { (name: "\($0.key.uppercased()) \(path)", json: $0.value) }
        }
    }

    @Test func `has exactly the operations of the server`() {
        let routes = Set(RouteTable.all.operations.map { "\($0.method.rawValue) \($0.route.pattern)" })
        let described = Set(operations.map(\.name))
        #expect(routes.subtracting(described).sorted() == [], "Not described; see OpenAPIPart")
        #expect(described.subtracting(routes).sorted() == [])
    }

    @Test func `has no list of engines below an engine`() throws {
        let part = try Documentation(try OpenAPIDocument.ofOneEngine.get()).document
        var expected = paths
        expected["/engine"] = nil
        #expect(part["paths"]?.objectValue == expected)
    }

    @Test func `names each operation once`() {
        let ids = operations.compactMap { $0.json["operationId"]?.stringValue }
        #expect(ids.count == operations.count)
        let twice = Dictionary(grouping: ids, by: \.self).filter { $0.value.count > 1 }.keys
        #expect(twice.sorted() == [])
    }

    @Test func `describes the parameters of each path, and each parameter once`() {
        for (name, operation) in operations {
            let parameters = operation["parameters"]?.arrayValue ?? []
            let keys = parameters.map { "\($0["in"]?.stringValue ?? "") \($0["name"]?.stringValue ?? "")" }
            #expect(Set(keys).count == keys.count, "\(name)")
            let pathParameters = name.split(separator: "/").filter { $0.hasPrefix("{") }
            #expect(keys.filter { $0.hasPrefix("path") } == pathParameters.map { "path \($0.dropFirst().dropLast())" })
            #expect(parameters.allSatisfy { $0["in"] != "path" || $0["description"] != nil }, "\(name)")
        }
    }

    @Test func `says what each operation answers`() {
        for (name, operation) in operations {
            let responses = operation["responses"]?.objectValue ?? [:]
            #expect(!responses.isEmpty, "\(name)")
            #expect(responses.values.allSatisfy { $0["description"] != nil || $0["$ref"] != nil }, "\(name)")
            #expect(operation["summary"]?.stringValue?.isEmpty == false, "\(name)")
        }
    }

    @Test func `files each operation under a tag that it explains`() {
        let tags = document["tags"]?.arrayValue?.compactMap { $0["name"] } ?? []
        #expect(Set(tags).count == tags.count)
        for (name, operation) in operations {
            #expect(operation["tags"]?.arrayValue?.allSatisfy(tags.contains) == true, "\(name)")
        }
    }

    @Test func `refers to what there is, and has nothing that is not referred to`() {
        var references: Set<String> = []
        collectReferences(document, into: &references)
        let components = (document["components"]?.objectValue ?? [:]).flatMap { kind, components in
            (components.objectValue ?? [:]).keys.map { "#/components/\(kind)/\($0)" }
        }
        #expect(references.subtracting(components).sorted() == [])
        let unused = Set(components).subtracting(references).filter { !$0.contains("/securitySchemes/") }
        #expect(unused.sorted() == [])
    }

    @Test func `has schemas with nothing in them that is not checked`() {
        let schemas = document["components"]?["schemas"]?.objectValue ?? [:]
        let checker = SchemaChecker(schemas: schemas)
        #expect(schemas.flatMap { checker.flaws(of: $0.value, at: $0.key) } == [])
        for (name, operation) in operations {
            let parameters = operation["parameters"]?.arrayValue ?? []
            #expect(parameters.flatMap { checker.flaws(of: $0["schema"] ?? nil, at: name) } == [])
        }
    }

    private func collectReferences(_ value: JSONValue, into references: inout Set<String>) {
        switch value {
        case .object(let object):
            if let reference = object["$ref"]?.stringValue { references.insert(reference) }
            for value in object.values { collectReferences(value, into: &references) }
        case .array(let elements): for element in elements { collectReferences(element, into: &references) }
        case .null, .boolean, .integer, .number, .bigInteger, .string: break
        }
    }

    @Test func `names the server by which it was reached`() throws {
        var writer = JSONWriter()
        try OpenAPIDocument.whole.get().write(to: &writer, address: "https://x/engine-rest", contractVersion: "7.0")
        let document = try JSONParser.parse(writer.bytes)
        #expect(document["servers"] == [["url": "https://x/engine-rest"]])
        #expect(document["info"]?["version"] == "7.0")
        #expect(document["openapi"] == "3.0.3")
    }

    @Test(arguments: [
        OpenAPIPart(
            tag: "t",
            description: "",
            operations: [OpenAPIOperation(.get, "/nope", "nope", "Nope", answers: [.noContent])]
        ),
        OpenAPIPart(tag: "t", description: "", answers: #"{"Error": {}}"#),
        OpenAPIPart(tag: "t", description: "", answers: "{,}"),
    ])
    func `is not made of parts that make no document`(part: OpenAPIPart) {
        #expect(throws: (any Error).self) { try OpenAPIDocument(parts: [.server, part]) }
    }
}
