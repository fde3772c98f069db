import NIOHTTP1
import Testing

@testable import EngineAPI

@Suite struct `A hot route` {
    private static let routes = HotRoutes(of: .all, configuration: .init())

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
        ["/engine-rest", "/engine-rest/engine/default"]
    )
    func `is found by its path`(path: (String, [String: String]), root: String) throws {
        let request = try #require(find(root + path.0))
        #expect(Dictionary(uniqueKeysWithValues: zip(request.route.parameters, request.values)) == path.1)
        #expect(request.root == root)
    }

    @Test(arguments: [
        "/", "/engine-rest", "/external-task/fetchAndLock", "/engine-rest/external-task/fetchAndLock/",
        "/engine-rest/external-task/fetchAndLock?a=b", "/engine-rest/external-task//complete",
        "/engine-rest/external-task/a/b/complete", "/engine-rest/external-task/%41/complete",
        "/engine-rest/external-task/a?b/complete", "/engine-rest/external-task/ä/complete",
        "/engine-rest//external-task/a/complete", "/engine-rest/external-task/a/lock",
        "/engine-rest/engine/other/external-task/fetchAndLock", "/engine-rest/process-definition/key/a/b/start",
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
