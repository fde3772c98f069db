public import HTTPTypes

/// Adds header fields to every request.
public struct HeaderFields: Interceptor {
    private let fields: @Sendable (EngineRequest, RequestAttempt) async throws -> HTTPFields

    /// Adds what `fields` returns, which is asked for each attempt; it takes the place of fields of the same name.
    public init(_ fields: @escaping @Sendable (EngineRequest, RequestAttempt) async throws -> HTTPFields) {
        self.fields = fields
    }

    /// Adds the fields and sends the request.
    public func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        var request = request
        for field in try await fields(request, attempt) {
            request.headerFields[field.name] = field.value
        }
        return try await next(request)
    }
}

extension Interceptor where Self == HeaderFields {
    /// Adds header fields to every request: `.headerFields { _, attempt in [.attempt: "\(attempt.number)"] }`.
    public static func headerFields(
        _ fields: @escaping @Sendable (EngineRequest, RequestAttempt) async throws -> HTTPFields
    ) -> HeaderFields {
        HeaderFields(fields)
    }
}
