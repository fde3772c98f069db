import HTTPTypes
import JSON
import Testing

@testable import EngineAPI

/// A request and its answer, as far as the OpenAPI document speaks of them.
struct Exchange {
    var method: String
    /// As sent, with its query string.
    var uri: String
    var status: Int
    var contentType: String?
    var body: [UInt8]
}

/// The OpenAPI document as a judge of answers: status, content type, every member of the body.
///
/// All clients of these tests ask it, see ``DocumentedClient`` and ``RawConnection``.
struct Documentation {
    /// That of this server.
    static let current = Result { try Documentation(OpenAPIDocument.whole.get()) }

    let document: JSONValue
    private let checker: SchemaChecker
    private let contextPath = EngineAPI.Configuration().contextPath

    init(_ document: OpenAPIDocument) throws {
        var writer = JSONWriter()
        document.write(to: &writer, address: "http://localhost", contractVersion: "7.24.0")
        self.init(try JSONParser.parse(writer.bytes))
    }

    init(_ document: JSONValue) {
        self.document = document
        checker = SchemaChecker(schemas: document["components"]?["schemas"]?.objectValue ?? [:])
    }

    /// Reports what the document does not allow.
    static func check(_ exchange: Exchange) {
        do {
            for problem in try current.get().problems(of: exchange) { Issue.record("\(problem)") }
        } catch {
            Issue.record("There is no document: \(error)")
        }
    }

    /// What the document does not allow; nothing for what is not below the API's root.
    func problems(of exchange: Exchange) -> [String] {
        let path = exchange.uri.prefix { $0 != "?" }
        guard path == contextPath || path.hasPrefix(contextPath + "/") else { return [] }
        let name = "\(exchange.method) \(exchange.uri) answers \(exchange.status)"
        return answer(exchange, to: Array(path)).map { "\(name): \($0)" }
    }

    private func answer(_ exchange: Exchange, to path: [Character]) -> [String] {
        guard let steps = steps(of: String(path)), let item = item(at: steps) else {
            return [401, 404].contains(exchange.status) ? [] : ["the path is not described"]
        }
        let method = exchange.method == "HEAD" ? "get" : exchange.method.lowercased()
        guard let operation = item[method] else {
            return [401, 405].contains(exchange.status) ? [] : ["the method is not described"]
        }
        guard let described = operation["responses"]?[String(exchange.status)] else {
            return ["the status is not described: \(String(decoding: exchange.body, as: UTF8.self))"]
        }
        guard let response = resolve(described) else { return ["\(described.text) refers to nothing"] }
        return content(exchange, against: response)
    }

    private func content(_ exchange: Exchange, against response: JSONValue) -> [String] {
        guard let content = response["content"]?.objectValue else {
            return exchange.body.isEmpty && exchange.contentType == nil
                ? [] : ["there is content, and none is described"]
        }
        let isEmpty = exchange.body.isEmpty && exchange.contentType == nil
        if isEmpty, response["x-may-be-empty"] == true { return [] }
        guard let contentType = exchange.contentType else { return ["there is no content, but some is described"] }
        let kind = contentType.hasPrefix("application/json") ? contentType : String(contentType.prefix { $0 != ";" })
        guard let described = content[kind] ?? content["*/*"] else { return ["\(contentType) is not described"] }
        guard kind.hasSuffix("json"), exchange.method != "HEAD", let schema = described["schema"] else { return [] }
        guard let body = try? JSONParser.parse(exchange.body) else { return ["the body is not JSON"] }
        // Whatever a file holds is right.
        return schema["format"] == "binary" ? [] : checker.problems(of: body, against: schema)
    }

    private func resolve(_ response: JSONValue) -> JSONValue? {
        guard let reference = response["$ref"]?.stringValue else { return response }
        return document["components"]?["responses"]?[String(reference.split(separator: "/").last ?? "")]
    }

}

// MARK: Paths

extension Documentation {
    /// The steps of a path below the API's root and an engine's prefix; nil when the path cannot be read.
    private func steps(of path: String) -> [String]? {
        var steps: [String] = []
        for step in path.split(separator: "/").dropFirst(1) {
            guard let decoded = step.percentDecoded, !decoded.utf8.contains(0) else { return nil }
            steps.append(decoded)
        }
        if steps.count > 1, steps[0] == "engine" {
            steps.removeFirst(2)
            if steps.first == "engine" { return nil }
        }
        return steps
    }

    /// What is described at a path; a literal step goes before a parameter.
    private func item(at steps: [String]) -> JSONValue? {
        let patterns = (document["paths"]?.objectValue ?? [:]).map { ($0.key.split(separator: "/"), $0.value) }
        let matching = patterns.filter { pattern, _ in
            pattern.count == steps.count && zip(pattern, steps).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return matching.min { $0.0.lexicographicallyPrecedes($1.0) { !$0.hasPrefix("{") && $1.hasPrefix("{") } }?.1
    }
}
