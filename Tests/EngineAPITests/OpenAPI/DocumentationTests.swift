import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import Testing

@testable import EngineAPI

/// The judge is judged: it must object to what is wrong.
@Suite struct `Comparing an answer with the document` {
    private static let json = "application/json"

    private func problems(
        _ method: String = "GET",
        _ uri: String,
        _ status: Int,
        _ body: String = "",
        contentType: String? = json
    ) throws -> [String] {
        try Documentation.current.get().problems(
            of: Exchange(method: method, uri: uri, status: status, contentType: contentType, body: Array(body.utf8))
        )
    }

    @Test(arguments: [
        ("GET", "/engine-rest/version", 200, #"{"version":"7.24.0"}"#),
        ("GET", "/engine-rest/engine/default/version?x=y", 200, #"{"version":"7.24.0"}"#),
        ("HEAD", "/engine-rest/version", 200, ""),
        ("GET", "/engine-rest/external-task/count?locked=true", 200, #"{"count":1}"#),
        ("GET", "/engine-rest/external-task/topic-names", 200, #"["a",null]"#),
        ("GET", "/engine-rest/nope", 404, "{}"), ("DELETE", "/engine-rest/version", 405, "{}"),
        ("GET", "/engine-rest/engine/default/engine", 404, "{}"), ("GET", "/elsewhere", 299, "x"),
        ("POST", "/engine-rest/external-task/1/complete", 404, #"{"type":"a","message":"b","code":null}"#),
    ])
    func `accepts what is right`(method: String, uri: String, status: Int, body: String) throws {
        #expect(try problems(method, uri, status, body) == [])
    }

    @Test func `accepts no content where none is described, or where it may be missing`() throws {
        #expect(try problems("POST", "/engine-rest/external-task/fetchAndLock", 503, contentType: nil) == [])
        #expect(try problems("POST", "/engine-rest/external-task/1/complete", 204, contentType: nil) == [])
    }

    @Test(arguments: [
        ("GET", "/engine-rest/version", 200, "{}", json, "version is missing"),
        ("GET", "/engine-rest/version", 200, #"{"version":7}"#, json, "7 is no"),
        ("GET", "/engine-rest/version", 200, #"{"version":"7","more":1}"#, json, "more is not described"),
        ("GET", "/engine-rest/version", 200, #"{"version":"7"}"#, "application/json; charset=utf-8", "not described"),
        ("GET", "/engine-rest/version", 200, #"{"version":"7"}"#, nil, "no content"),
        ("GET", "/engine-rest/version", 200, "{", json, "not JSON"),
        ("GET", "/engine-rest/version", 204, "", nil, "status is not described"),
        ("GET", "/engine-rest/version", 500, "{}", json, "status is not described"),
        ("GET", "/engine-rest/nope", 200, "{}", json, "path is not described"),
        ("POST", "/engine-rest/version", 200, "{}", json, "method is not described"),
        ("GET", "/engine-rest/external-task/topic-names", 200, "[7]", json, "body[0]"),
        ("GET", "/engine-rest/external-task/x/errorDetails", 200, "{}", json, "not described"),
        ("POST", "/engine-rest/external-task/1/complete", 204, "{}", json, "none is described"),
        (
            "POST", "/engine-rest/external-task/1/complete", 404, #"{"type":"a","message":"b","code":"c"}"#, json,
            "body.code"
        ),
    ])
    func `objects to what is wrong`(
        method: String,
        uri: String,
        status: Int,
        body: String,
        contentType: String?,
        problem: String
    ) throws {
        let problems = try problems(method, uri, status, body, contentType: contentType)
        #expect(problems.count == 1)
        #expect(problems.first?.contains(problem) == true, "\(problems)")
    }
}

@Suite struct `A client of these tests` {
    /// Answers every request with something that is not described.
    private struct Liar: HTTPResponder {
        func respond(to request: Request, context: ConnectionContext) async -> Response { Response(status: .created) }
    }

    @Test func `objects to what is not described`() async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await Application(responder: Liar(), logger: logger).test(.live) { client in
            try await withKnownIssue {
                _ = try await client.execute(uri: "/engine-rest/version", method: .get)
            } matching: {
                $0.comments.contains { $0.rawValue.contains("GET /engine-rest/version answers 201") }
            }
        }
    }
}

@Suite struct `Checking a schema` {
    private func problems(_ value: JSONValue, _ schema: String) throws -> [String] {
        let checker = SchemaChecker(schemas: ["Text": ["type": "string", "nullable": true]])
        return checker.problems(of: value, against: try JSONParser.parse(schema))
    }

    @Test(
        arguments: [
            (1, #"{"type":"integer","format":"int32","minimum":1,"maximum":1}"#), (nil, #"{"nullable":true}"#),
            ("a", #"{"type":"string","enum":["a"],"pattern":"^a$","minLength":1}"#), (1.5, #"{"type":"number"}"#),
            (["a", nil], ##"{"type":"array","items":{"$ref":"#/components/schemas/Text"}}"##),
            (["a": 1], #"{"additionalProperties":{"type":"integer"}}"#), (["a": true], #"{"type":"object"}"#),
        ] as [(JSONValue, String)]
    )
    func `accepts what is valid`(value: JSONValue, schema: String) throws {
        #expect(try problems(value, schema) == [])
    }

    @Test(
        arguments: [
            (nil, #"{"type":"string"}"#), (1.5, #"{"type":"integer"}"#), ("1", #"{"type":"integer"}"#),
            (2_147_483_648, #"{"type":"integer","format":"int32"}"#), ("b", #"{"enum":["a"]}"#),
            ("ba", #"{"pattern":"^a"}"#), (0, #"{"minimum":1}"#), (2, #"{"maximum":1}"#), ("", #"{"minLength":1}"#),
            ([1], #"{"maxItems":0}"#),
            ([1], #"{"items":{"type":"string"}}"#), ([:], #"{"required":["a"]}"#),
            (["a": 1], #"{"properties":{"a":{"type":"string"}}}"#), (["a": 1], #"{"additionalProperties":false}"#),
            (["a": 1], #"{"additionalProperties":{"type":"string"}}"#),
            (1, ##"{"$ref":"#/components/schemas/Text"}"##), (1, ##"{"$ref":"#/components/schemas/None"}"##),
            (nil, ##"{"$ref":"#/components/schemas/Text","nullable":true}"##),
            // What is not known is not taken for checked.
            (1, #"{"multipleOf":2}"#), (nil, #"{"nullable":true,"not":{}}"#), ("a", #"{"format":"email"}"#),
        ] as [(JSONValue, String)]
    )
    func `objects to what is not`(value: JSONValue, schema: String) throws {
        #expect(try problems(value, schema).count == 1)
    }
}
