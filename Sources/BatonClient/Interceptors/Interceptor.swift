/// Sees every request before it is sent and every answer, and may change both.
///
/// Interceptors are called in their order, the first one outermost, once for each attempt at a call. One may add header
/// fields, send twice (with a fresh token for instance), answer itself, or throw, which fails the attempt.
///
/// What they do counts as part of a request's time (``EngineClient/Configuration/requestTimeout``): when that is over,
/// or the caller is cancelled, their task is cancelled, and they must soon return or throw.
public protocol Interceptor: Sendable {
    /// Handles one attempt; calls `next` to send the request.
    ///
    /// - Throws: Whatever should fail the attempt. Errors of `next` had better be passed on as they are.
    func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse
}

/// What an interceptor may want to know of an attempt.
public struct RequestAttempt: Sendable, Hashable {
    /// 1 for the first attempt at a call, 2 for its first repetition, and so on.
    public let number: Int
    /// What the last attempt failed with; nil at the first.
    public let lastError: BatonError.Code?

    /// An attempt.
    public init(number: Int, lastError: BatonError.Code? = nil) {
        self.number = number
        self.lastError = lastError
    }
}
