import HTTPTypes

/// Says who calls by a token, which may have to be fetched and may run out.
///
/// The provider is asked for a token before the first request, and again when a request is answered 401: once for all
/// requests that wait for it, and the request is then sent once more. A request with a streamed body is not sent again.
public struct BearerAuthentication: Interceptor {
    /// Why a token is asked for.
    public enum Reason: Sendable, Hashable {
        /// There is none yet, or the time that it is good for is over.
        case needed
        /// The server did not take this one.
        case refused(String)
    }

    /// A token, and for how long it is good.
    public struct Token: Sendable, Hashable, CustomStringConvertible {
        /// The token's text.
        public var text: String
        /// How long it may be used, from now on; nil until the server refuses it.
        public var lifetime: Duration?

        /// A token.
        public init(_ text: String, lifetime: Duration? = nil) {
            self.text = text
            self.lifetime = lifetime
        }

        /// Says nothing of the token.
        public var description: String { "a token" }
    }

    private let cache: TokenCache

    /// Gets tokens from `provider`.
    ///
    /// - Parameters:
    ///   - clock: Measures how long a token is good.
    ///   - provider: Fetches a token. What it throws fails the request.
    public init(
        clock: any Clock<Duration> = ContinuousClock(),
        provider: @escaping @Sendable (Reason) async throws -> Token
    ) {
        cache = TokenCache(clock: clock, provider: provider)
    }

    /// Adds the token; gets another one and sends once more when it is refused.
    public func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        var request = request
        let token = try await cache.token()
        request.headerFields[.authorization] = "Bearer \(token)"
        let response = try await next(request)
        guard response.status == 401 else { return response }
        if case .stream = request.body { return response }
        let other = try await cache.token(insteadOf: token)
        guard other != token else { return response }
        request.headerFields[.authorization] = "Bearer \(other)"
        return try await next(request)
    }
}

extension Interceptor where Self == BearerAuthentication {
    /// A token that never changes.
    public static func bearer(token: String) -> BearerAuthentication {
        BearerAuthentication { _ in BearerAuthentication.Token(token) }
    }

    /// Tokens that are fetched: `.bearer { reason in try await identityProvider.token() }`.
    public static func bearer(
        provider: @escaping @Sendable (BearerAuthentication.Reason) async throws -> BearerAuthentication.Token
    ) -> BearerAuthentication {
        BearerAuthentication(provider: provider)
    }
}
