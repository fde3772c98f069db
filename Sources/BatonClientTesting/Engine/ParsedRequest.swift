import BatonClient
import Foundation
import HTTPTypes
import JSON

/// A request as the test engine reads it.
struct ParsedRequest: Sendable {
    let operation: EngineOperation
    let method: HTTPRequest.Method
    /// The path below the engine's root, with escapes.
    let path: String
    /// The parts of the path, without escapes.
    let parts: [String]
    let contentType: String?
    let bytes: [UInt8]
    /// The body, if it is JSON.
    let json: JSONValue

    /// The most bytes of a request.
    private static let maximumBody = 256 * 1024 * 1024

    /// Reads a request, its body to the end.
    ///
    /// - Throws: What reading a streamed body throws.
    init(_ request: EngineRequest) async throws {
        operation = request.operation
        method = request.method
        contentType = request.headerFields[.contentType]
        bytes =
            switch request.body {
            case nil: []
            case .bytes(let bytes): bytes
            case .stream(let stream): try await stream.collect(upTo: Self.maximumBody)
            }
        json = (try? JSONParser.parse(bytes)) ?? .null
        let root = request.url.hasPrefix(TestEngine.url) ? TestEngine.url.count : 0
        path = String(request.url.dropFirst(root).prefix { $0 != "?" })
        parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    }

    /// The external task that is meant.
    var taskID: String? {
        parts.first == "external-task" && parts.count == 3 ? parts[1] : nil
    }
}
