/// Speaks HTTP by AsyncHTTPClient.
final class HTTPTransport: Transport {
    init(_ configuration: EngineClient.Configuration) throws {}

    func send(_ request: EngineRequest, timeout: Duration) async throws -> EngineResponse {
        throw BatonError(.unreachable, operation: request.operation, message: "not yet")
    }
}
