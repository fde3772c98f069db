import HTTPTypes

/// Says who calls by a token, which may have to be fetched and may run out.
///
/// The provider is asked for a token before the first request, again when a tenth of the token's lifetime is left (30 s
/// at most), and when a request is answered 401: once for all requests that wait for it, and the refused request is
/// then sent once more. A request with a streamed body is not sent again.
/// Waiting for a token counts as part of a request's time (``EngineClient/Configuration/requestTimeout``). A request
/// that is cancelled or out of time waits no longer, and the others go on; when nobody waits, the provider is
/// cancelled.
public struct BearerAuthentication: Interceptor, CustomStringConvertible {
    /// Why a token is asked for; later versions may know more reasons.
    public struct Reason: Sendable, Hashable, CustomStringConvertible {
        /// The token that the server did not take; nil when it is not that.
        public let refusedToken: Token?

        /// There is no token yet, or the time that it is good for is over or nearly so.
        public static let needed = Reason(refusedToken: nil)

        /// The server did not take this one.
        public static func refused(_ token: Token) -> Reason { Reason(refusedToken: token) }

        /// Says nothing of the token.
        public var description: String { refusedToken == nil ? "needed" : "refused" }
    }

    /// A token, and for how long it is good.
    ///
    /// No description of it shows its text.
    public struct Token: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        /// The token's text.
        public var text: String
        /// How long it is good, from when it was asked for, as the issuer says (OAuth's `expires_in`); nil until the
        /// server refuses it.
        ///
        /// Another one is fetched a little before, by a tenth of this time, at most 30 s.
        public var lifetime: Duration?

        /// A token.
        public init(_ text: String, lifetime: Duration? = nil) {
            self.text = text
            self.lifetime = lifetime
        }

        /// Says nothing of the token.
        public var description: String { "a token" }

        /// Shows how long the token is good, and not its text.
        public var customMirror: Mirror { Mirror(self, children: ["lifetime": lifetime as Any]) }
    }

    private let cache: TokenCache

    /// Gets tokens from `provider`.
    ///
    /// - Parameters:
    ///   - clock: Measures how long a token is good, and how long the provider takes.
    ///   - timeout: How long the provider may take, more than zero. Then it is cancelled, whatever it returns is not
    ///     used, and the requests that wait fail with ``BatonError/Code/timedOut``.
    ///   - provider: Fetches a token. What it throws fails the requests that wait. One call at a time is under way.
    public init(
        clock: any Clock<Duration> = ContinuousClock(),
        timeout: Duration = .seconds(10),
        provider: @escaping @Sendable (Reason) async throws -> Token
    ) {
        cache = TokenCache(clock: clock, timeout: timeout, provider: provider)
    }

    /// Adds the token; gets another one and sends once more when it is refused.
    public func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        var request = request
        let token = try await cache.token()
        request.headerFields[.authorization] = "Bearer \(token.text)"
        let response = try await next(request)
        guard response.status == 401 else { return response }
        if case .stream = request.body { return response }
        let other = try await cache.token(insteadOf: token)
        guard other.text != token.text else { return response }
        request.headerFields[.authorization] = "Bearer \(other.text)"
        return try await next(request)
    }

    /// Says nothing of the token.
    public var description: String { "Bearer authentication" }
}

extension Interceptor where Self == BearerAuthentication {
    /// A token that never changes.
    public static func bearer(token: String) -> BearerAuthentication {
        BearerAuthentication { _ in BearerAuthentication.Token(token) }
    }

    /// Tokens that are fetched, each with the time that it is good for.
    ///
    /// ```swift
    /// .bearer { _ in
    ///     let answer = try await identityProvider.token()
    ///     return .init(answer.accessToken, lifetime: .seconds(answer.expiresIn))
    /// }
    /// ```
    public static func bearer(
        provider: @escaping @Sendable (BearerAuthentication.Reason) async throws -> BearerAuthentication.Token
    ) -> BearerAuthentication {
        BearerAuthentication(provider: provider)
    }
}
