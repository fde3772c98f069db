import EngineRuntime
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Postgres
import TestSupport
import Testing

@testable import EngineAPI

/// The API of an engine on the suite's database, asked over real sockets.
struct APIUnderTest: Sendable {
    private let client: any TestClientProtocol

    /// Runs an engine and its API for as long as `body` needs them.
    static func with(
        configuration: EngineAPI.Configuration = .init(),
        _ body: @escaping @Sendable (APIUnderTest) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = Engine(
            configuration: Engine.Configuration(database: Database.current.settings),
            logger: logger
        )
        let api = EngineAPI(engine: engine, configuration: configuration, logger: logger)
        let application = Application(responder: api.responder, server: api.server, logger: logger)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await engine.run()
                return false
            }
            group.addTask {
                try await application.test(.live) { try await body(APIUnderTest(client: $0)) }
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                engine.drain()
                group.cancelAll()
                // However the engine ends now, the test has ended.
                return
            }
        }
    }

    /// An answer with its body.
    struct Reply: Sendable {
        var status: Int
        var headers: HTTPFields
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The body as JSON; null when there is none.
        var json: JSONValue { (try? JSONParser.parse(bytes)) ?? .null }
        /// The body as an error.
        var error: SeenError? {
            guard let type = json["type"]?.stringValue else { return nil }
            return SeenError(
                status: status,
                type: type,
                message: json["message"]?.stringValue ?? "",
                code: json["code"]?.int64Value
            )
        }
    }

    struct SeenError: Sendable, Equatable {
        var status: Int
        var type: String
        var message: String
        var code: Int64?

        init(_ status: Int, _ type: String, _ message: String, _ code: Int64? = nil) {
            self.init(status: status, type: type, message: message, code: code)
        }

        init(status: Int, type: String, message: String, code: Int64?) {
            self.status = status
            self.type = type
            self.message = message
            self.code = code
        }
    }

    /// Sends a request; text is sent as JSON unless the headers say otherwise.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPFields? = nil
    ) async throws -> Reply {
        let json: HTTPFields = body == nil ? [:] : [.contentType: "application/json"]
        return try await send(method, path, bytes: body.map { Array($0.utf8) }, headers: headers ?? json)
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        bytes: [UInt8]?,
        headers: HTTPFields
    ) async throws -> Reply {
        let answer = try await client.execute(
            uri: "/engine-rest" + path,
            method: method,
            headers: headers,
            body: bytes.map { ByteBuffer(bytes: $0) }
        )
        return Reply(status: answer.status.code, headers: answer.headers, bytes: Array(buffer: answer.body))
    }

    func get(_ path: String) async throws -> JSONValue {
        let reply = try await send(.get, path)
        #expect(reply.status == 200, "GET \(path): \(reply.text)")
        return reply.json
    }

    /// Sends JSON that must be taken.
    @discardableResult
    func post(
        _ path: String,
        _ body: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let reply = try await send(.post, path, body)
        #expect([200, 204].contains(reply.status), "POST \(path): \(reply.text)", sourceLocation: sourceLocation)
        return reply.json
    }

    /// A form with one part `data`, and further parts by name.
    func upload(
        _ path: String,
        _ content: [UInt8],
        disposition: String = "",
        contentType: String? = nil,
        _ parts: [(String, String)] = []
    ) async throws -> Reply {
        var body = Array("--b\r\nContent-Disposition: form-data; name=\"data\"\(disposition)\r\n".utf8)
        if let contentType { body += Array("Content-Type: \(contentType)\r\n".utf8) }
        body += Array("\r\n".utf8) + content
        for (name, text) in parts {
            body += Array("\r\n--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)".utf8)
        }
        body += Array("\r\n--b--\r\n".utf8)
        return try await send(.post, path, bytes: body, headers: [.contentType: "multipart/form-data; boundary=b"])
    }

    /// Deploys a process from what stands inside its `process` element.
    func deploy(_ key: String, _ content: String, attributes: String = "", definitions: String = "") async throws {
        let model = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              \(definitions)<process id="\(key)" isExecutable="true" \(attributes)>\(content)</process>
            </definitions>
            """
        let reply = try await upload(
            "/deployment/create",
            Array(model.utf8),
            disposition: "; filename=\"\(key).bpmn\""
        )
        #expect(reply.status == 200, "\(reply.text)")
    }

    /// Deploys a process with one external task, whose id is `work` and whose topic is the key.
    func deployTask(_ key: String, extensions: String = "", definitions: String = "", more: String = "") async throws {
        try await deploy(
            key,
            """
            <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="work"/>
            <serviceTask id="work" camunda:type="external" camunda:topic="\(key)">
              <extensionElements>\(extensions)</extensionElements>
            </serviceTask>
            <sequenceFlow id="f2" sourceRef="work" targetRef="end"/><endEvent id="end"/>\(more)
            """,
            definitions: definitions
        )
    }

    /// Starts an instance; returns its id.
    func start(_ key: String, _ body: String = "{}") async throws -> String {
        try await post("/process-definition/key/\(key)/start", body)["id"]?.stringValue ?? ""
    }

    /// Starts an instance of a process with one external task, which is locked for `w`; returns both ids.
    func startTask(_ key: String, _ body: String = "{}") async throws -> (instance: String, task: String) {
        let instance = try await start(key, body)
        let task = try await get("/external-task?processInstanceId=\(instance)")[0]?["id"]?.stringValue ?? ""
        try await post("/external-task/\(task)/lock", #"{"workerId":"w","lockDuration":60000}"#)
        return (instance, task)
    }
}
