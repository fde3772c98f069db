import EngineRuntime
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Postgres
import Testing

@testable import EngineAPI

/// An answer, as far as these tests look at it.
private struct Seen: Equatable {
    var status: Int
    /// The error's type, when there is one.
    var type: String?
}

/// What is answered before the database is asked for anything.
@Suite struct `The server` {
    /// Answers one request; the engine's database cannot be reached.
    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        _ headers: HTTPFields = [:],
        isReady: Bool = true
    ) async throws -> TestResponse {
        var configuration = EngineAPI.Configuration()
        configuration.maximumBodySize = 1000
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let engine = Engine(
            configuration: Engine.Configuration(
                database: ConnectionSettings("host=127.0.0.1 port=1 connect_timeout=1")
            ),
            logger: logger
        )
        let api = EngineAPI(engine: engine, configuration: configuration, logger: logger) {
            [Readiness.found(isReady)]
        }
        let application = Application(responder: api.responder, server: api.server, logger: logger)
        return try await application.test(.live) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            )
        }
    }

    private func seen(_ response: TestResponse) -> Seen {
        let json = try? JSONParser.parse(Array(buffer: response.body))
        return Seen(status: response.status.code, type: json?["type"]?.stringValue)
    }

    private static let json: HTTPFields = [.contentType: "application/json"]

    @Test(arguments: ["/engine-rest/engine", "/engine-rest/engine/", "/engine-rest//engine"])
    func `lists its engines`(path: String) async throws {
        let response = try await ask(.get, path)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-cache")
        #expect(String(buffer: response.body) == #"[{"name":"default"}]"#)
    }

    @Test(arguments: ["", "/engine/default", "/engine/nope"])
    func `tells its version, whatever the engine`(prefix: String) async throws {
        let response = try await ask(.get, "/engine-rest\(prefix)/version")
        #expect(String(buffer: response.body) == #"{"version":"7.24.0"}"#)
    }

    @Test func `answers HEAD like GET, without the body`() async throws {
        let response = try await ask(.head, "/engine-rest/version")
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "20")
        #expect(response.body.readableBytes == 0)
    }

    @Test(arguments: [
        "/", "/engine-rest", "/engine-rest/nope", "/engine-rest/engine/default", "/engine-rest/engine/default/engine",
        "/engine-rest/external-task/x/nope", "/engine-rest/%zz", "/engine-rest/external-task/%00", "/health",
        "/health/x",
    ])
    func `knows no other paths`(path: String) async throws {
        #expect(seen(try await ask(.get, path)) == Seen(status: 404, type: "NotFoundException"))
    }

    @Test(
        arguments: [
            (.get, "/engine-rest/external-task/x/complete"), (.put, "/engine-rest/external-task/fetchAndLock"),
            (.post, "/engine-rest/version"), (.delete, "/health/live"),
        ] as [(HTTPRequest.Method, String)]
    )
    func `refuses other methods`(method: HTTPRequest.Method, path: String) async throws {
        #expect(seen(try await ask(method, path)) == Seen(status: 405, type: "NotAllowedException"))
    }

    @Test(arguments: [nil, "text/plain", "application/vnd.api+json"])
    func `refuses other content`(contentType: String?) async throws {
        var headers = HTTPFields()
        headers[.contentType] = contentType
        let response = try await ask(.post, "/engine-rest/external-task/fetchAndLock", "{}", headers)
        #expect(seen(response) == Seen(status: 415, type: "NotSupportedException"))
    }

    @Test func `refuses to answer in other forms`() async throws {
        var headers = Self.json
        headers[.accept] = "application/hal+json"
        let response = try await ask(.post, "/engine-rest/external-task/fetchAndLock", "{}", headers)
        #expect(seen(response) == Seen(status: 406, type: "NotAcceptableException"))
    }

    @Test func `knows one engine`() async throws {
        let response = try await ask(.post, "/engine-rest/engine/nope/external-task/fetchAndLock", "{}", Self.json)
        #expect(
            String(buffer: response.body)
                == #"{"type":"InvalidRequestException","message":"No process engine available","code":null}"#
        )
        #expect(response.status == .badRequest)
    }

    @Test(arguments: [
        ("[]", 400, "InvalidRequestException"), ("{", 400, "InvalidRequestException"),
        (#"{"workerId":"w",}"#, 400, "InvalidRequestException"),
        (#"{"maxTasks":true}"#, 400, "InvalidRequestException"),
        (" ", 500, "NullPointerException"), ("null", 500, "NullPointerException"),
        ("", 500, "NullValueException"), ("{} trailing", 500, "NullValueException"),
        (#"{"workerId":"w","maxTasks":-1}"#, 500, "ProcessEngineException"),
        (#"{"workerId":"w","topics":[{"lockDuration":1}]}"#, 500, "NullValueException"),
        (#"{"workerId":"w","topics":[{"topicName":"t"}]}"#, 500, "ProcessEngineException"),
        (#"{"workerId":"w","topics":[null]}"#, 500, "NullPointerException"),
        (#"{"asyncResponseTimeout":1800001}"#, 400, "InvalidRequestException"),
        (#"{"sorting":[{"sortBy":"foo","sortOrder":"asc"}]}"#, 400, "InvalidRequestException"),
        (#"{"sorting":[{"sortBy":"createTime","sortOrder":"up"}]}"#, 400, "InvalidRequestException"),
        (#"{"sorting":[{"sortBy":"createTime"}]}"#, 400, "NotValidException"),
        (
            #"{"workerId":"w","topics":[{"topicName":"t","lockDuration":1,"processVariables":{"a":[]}}]}"#, 500,
            "ProcessEngineException"
        ),
    ])
    func `checks what is fetched before it looks for it`(body: String, status: Int, type: String) async throws {
        let response = try await ask(.post, "/engine-rest/external-task/fetchAndLock", body, Self.json)
        #expect(seen(response) == Seen(status: status, type: type))
    }

    @Test func `refuses bodies that are too large`() async throws {
        let body = String(repeating: " ", count: 1001)
        let response = try await ask(.post, "/engine-rest/external-task/fetchAndLock", body, Self.json)
        #expect(seen(response) == Seen(status: 413, type: "InvalidRequestException"))
    }

    @Test(arguments: ["/unlock", "/complete", "/retries"])
    func `does not find tasks by ids that are none of ours`(operation: String) async throws {
        let method: HTTPRequest.Method = operation == "/retries" ? .put : .post
        let body = #"{"workerId":"w","retries":1}"#
        let response = try await ask(method, "/engine-rest/external-task/4711\(operation)", body, Self.json)
        #expect(
            String(buffer: response.body)
                == #"{"type":"RestException","message":"External task with id 4711 does not exist","code":0}"#
        )
        #expect(response.status == .notFound)
    }

    @Test(arguments: [(true, 200), (false, 503)])
    func `says whether it is ready`(isReady: Bool, status: Int) async throws {
        let ready = try await ask(.get, "/health/ready", isReady: isReady)
        #expect(ready.status.code == status)
        let word = isReady ? "up" : "down"
        #expect(
            String(buffer: ready.body)
                == #"{"status":"\#(word)","engines":[{"name":"default","status":"\#(word)","state":"running","#
                + #""database":{"status":"\#(word)","milliseconds":3},"schema":{"status":"up"},"#
                + #""wakeUps":{"status":"up","heardMillisecondsAgo":7}}]}"#
        )
        let live = try await ask(.get, "/health/live", isReady: isReady)
        #expect(live.status == .ok)
        #expect(String(buffer: live.body) == #"{"status":"up"}"#)
    }
}

extension Readiness {
    /// What an engine says of itself whose database answers or does not.
    fileprivate static func found(_ isUp: Bool) -> Readiness {
        Readiness(
            name: .default,
            life: .running,
            database: Finding(isUp: isUp, milliseconds: 3),
            schema: Finding(isUp: true),
            wakeUps: Finding(isUp: true, milliseconds: 7)
        )
    }
}
