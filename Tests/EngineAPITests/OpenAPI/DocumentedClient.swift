import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// A client that compares every answer with the OpenAPI document.
struct DocumentedClient: TestClientProtocol {
    let client: any TestClientProtocol

    var port: Int? { client.port }

    func executeRequest(
        uri: String,
        method: HTTPRequest.Method,
        headers: HTTPFields,
        body: ByteBuffer?
    ) async throws -> TestResponse {
        let response = try await client.executeRequest(uri: uri, method: method, headers: headers, body: body)
        Documentation.check(
            Exchange(
                method: method.rawValue,
                uri: uri,
                status: response.status.code,
                contentType: response.headers[.contentType],
                body: Array(buffer: response.body)
            )
        )
        return response
    }
}

extension Application {
    /// Runs a server for the length of a test and hands over a client that compares every answer with the document.
    ///
    /// Goes before Hummingbird's function of this name, so that no test in this module comes around it.
    func test<Value>(
        _ testingSetup: TestingSetup,
        _ test: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        try await testAsUsual(self, testingSetup) { try await test(DocumentedClient(client: $0)) }
    }
}

/// Only knows Hummingbird's own function.
private func testAsUsual<Value>(
    _ application: some ApplicationProtocol,
    _ testingSetup: TestingSetup,
    _ test: @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    try await application.test(testingSetup, test)
}
