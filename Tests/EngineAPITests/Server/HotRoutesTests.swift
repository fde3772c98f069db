import EngineRuntime
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import EngineAPI

@Suite struct `A hot route` {
    private static let routes: HotRoutes = {
        let nowhere = ConnectionSettings("host=127.0.0.1 port=1")
        let engines = ["default", "orders", "orders-2"].compactMap { EngineName($0) }.map { name in
            var settings = nowhere
            settings.schema = name.schema
            return Engine(configuration: .init(database: settings, name: name), logger: TestServer.logger)
        }
        guard let engines = try? Engines(engines[0], and: Array(engines[1...])) else {
            preconditionFailure("three names, three schemas")
        }
        return HotRoutes(of: .all, engines: engines, configuration: .init())
    }()

    private func find(
        _ path: String,
        method: HTTPMethod = .POST,
        version: HTTPVersion = .http1_1,
        _ fields: [(String, String)] = [("Content-Length", "2"), ("Content-Type", "application/json")]
    ) -> HotRequest? {
        Self.routes.request(HTTPRequestHead(version: version, method: method, uri: path, headers: HTTPHeaders(fields)))
    }

    @Test(
        arguments: [
            ("/external-task/fetchAndLock", [:]), ("/external-task/4711/complete", ["id": "4711"]),
            ("/external-task/a/failure", ["id": "a"]), ("/external-task/a/bpmnError", ["id": "a"]),
            ("/external-task/a/extendLock", ["id": "a"]), ("/external-task/a/unlock", ["id": "a"]),
            ("/process-definition/key/order/start", ["key": "order"]),
            ("/process-definition/order:1:7/start", ["id": "order:1:7"]),
            ("/process-definition/key/start", ["id": "key"]),
        ] as [(String, [String: String])],
        [
            ("/engine-rest", "default"), ("/engine-rest/engine/default", "default"),
            ("/engine-rest/engine/orders", "orders"), ("/engine-rest/engine/orders-2", "orders-2"),
        ]
    )
    func `is found by its path`(path: (String, [String: String]), below: (String, engine: String)) throws {
        let root = below.0
        let request = try #require(find(root + path.0))
        #expect(request.engine.name.text == below.engine)
        #expect(Dictionary(uniqueKeysWithValues: zip(request.route.parameters, request.values)) == path.1)
        #expect(request.root == root)
    }

    @Test(arguments: [
        "/", "/engine-rest", "/external-task/fetchAndLock", "/engine-rest/external-task/fetchAndLock/",
        "/engine-rest/external-task/fetchAndLock?a=b", "/engine-rest/external-task//complete",
        "/engine-rest/external-task/a/b/complete", "/engine-rest/external-task/%41/complete",
        "/engine-rest/external-task/a?b/complete", "/engine-rest/external-task/ä/complete",
        "/engine-rest//external-task/a/complete", "/engine-rest/external-task/a/lock",
        "/engine-rest/engine/other/external-task/fetchAndLock", "/engine-rest/engine/order/external-task/fetchAndLock",
        "/engine-rest/engine/orders/engine/orders/external-task/fetchAndLock", "/engine-rest/engine/orders",
        "/engine-rest/engine//external-task/fetchAndLock", "/engine-rest/engine/", "/engine-rest/engine",
        "/engine-rest/process-definition/key/a/b/start",
        "http://localhost/engine-rest/external-task/fetchAndLock",
    ])
    func `is no other path`(path: String) {
        #expect(find(path) == nil)
    }

    @Test func `takes what is plain only`() {
        let path = "/engine-rest/external-task/fetchAndLock"
        #expect(find(path, [("content-length", "0")]) != nil)
        #expect(find(path, method: .GET) == nil)
        #expect(find(path, version: .http1_0) == nil)
        #expect(find(path, []) == nil)
        #expect(find(path, [("Transfer-Encoding", "chunked")]) == nil)
        #expect(find(path, [("Content-Length", "2"), ("Expect", "100-continue")]) == nil)
        #expect(find(path, [("Content-Length", "2"), ("Connection", "close")]) == nil)
        #expect(find(path, [("Content-Length", "2"), ("Connection", "keep-alive")]) != nil)
        #expect(find(path, [("Content-Length", "2"), ("Content-Length", "2")]) == nil)
        #expect(find(path, [("Content-Length", "262144")]) != nil)
        #expect(find(path, [("Content-Length", "262145")]) == nil)
    }

    @Test func `keeps what handlers want to know`() throws {
        let fields = [
            ("host", "example.org:8080"), ("CONTENT-TYPE", "application/json; charset=utf-8"), ("Accept", "*/*"),
            ("X-Forwarded-Proto", "https"), ("content-length", "2"), ("User-Agent", "test"),
        ]
        let head = try #require(find("/engine-rest/external-task/a/complete", fields)).head
        #expect(head.authority == "example.org:8080")
        #expect(head.contentType == "application/json; charset=utf-8")
        #expect(head.accept == "*/*")
        #expect(head.isSecure)
    }
}

@Suite struct `The date of an answer` {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_825_600, "Tue, 29 Feb 2000 12:00:00 GMT"),
        (1_795_275_274, "Sat, 21 Nov 2026 15:34:34 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `is written as HTTP wants it`(second: Int64, text: String) {
        #expect(String(decoding: HTTPDate.utf8(secondsSinceEpoch: second), as: UTF8.self) == text)
    }
}
