import EngineRuntime
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import TestSupport
import Testing

@testable import EngineAPI

/// Calls the API of an engine on the suite's database, and reads its answers.
struct APICaller: Sendable {
    let client: any TestClientProtocol

    /// Runs an engine, deploys a model if there is one, and hands over a caller.
    static func run(
        deploying model: String? = nil,
        _ body: @escaping @Sendable (APICaller) async throws -> Void
    ) async throws {
        let engine = Engine(
            configuration: Engine.Configuration(database: Database.current.settings),
            logger: TestServer.logger
        )
        let api = EngineAPI(engine: engine, configuration: .init(), logger: TestServer.logger)
        let application = Application(responder: api.responder, server: api.server, logger: TestServer.logger)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await engine.run()
                return false
            }
            group.addTask {
                try await application.test(.live) { client in
                    let caller = APICaller(client: client)
                    if let model { try await caller.deploy(model) }
                    try await body(caller)
                }
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                engine.drain()
                group.cancelAll()
                // However the engine ends now, the story is told.
                return
            }
        }
    }

    /// Deploys a model, unless the last deployment has the same.
    private func deploy(_ model: String) async throws {
        let parts = [("deployment-name", "test"), ("enable-duplicate-filtering", "true")].map { name, value in
            "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let file = "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"model.bpmn\"\r\n\r\n\(model)\r\n"
        let answer = try await client.execute(
            uri: "/engine-rest/deployment/create",
            method: .post,
            headers: [.contentType: "multipart/form-data; boundary=b"],
            body: ByteBuffer(string: parts.joined() + file + "--b--\r\n")
        )
        #expect(answer.status == .ok, "\(String(buffer: answer.body))")
    }
}

// MARK: Requests

extension APICaller {
    @discardableResult
    func post(_ path: String, _ body: String, expecting status: Int) async throws -> JSONValue {
        try await send(.post, path, body, expecting: status)
    }

    @discardableResult
    func put(_ path: String, _ body: String, expecting status: Int) async throws -> JSONValue {
        try await send(.put, path, body, expecting: status)
    }

    @discardableResult
    func delete(_ path: String, expecting status: Int) async throws -> JSONValue {
        try await send(.delete, path, nil, expecting: status)
    }

    @discardableResult
    func get(_ path: String, expecting status: Int = 200) async throws -> JSONValue {
        try await send(.get, path, nil, expecting: status)
    }

    func count(_ path: String) async throws -> Int64? { try await get(path)["count"]?.int64Value }

    func answer(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        accept: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [:]
        if body?.isEmpty == false { headers[.contentType] = "application/json" }
        if let accept { headers[.accept] = accept }
        return try await client.execute(
            uri: "/engine-rest" + path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String?,
        expecting status: Int
    ) async throws -> JSONValue {
        let answer = try await answer(method, path, body)
        #expect(answer.status.code == status, "\(method) \(path): \(String(buffer: answer.body))")
        return answer.body.readableBytes > 0 ? try answer.json : .null
    }
}

extension TestResponse {
    var json: JSONValue {
        get throws { try JSONParser.parse(Array(buffer: body)) }
    }
}

extension JSONValue {
    /// The members of an object, in order.
    var memberNames: [String]? {
        guard case .object(let object) = self else { return nil }
        return object.map(\.0)
    }
}
