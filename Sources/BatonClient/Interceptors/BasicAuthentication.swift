import Foundation
import HTTPTypes

/// Says who calls by name and password.
public struct BasicAuthentication: Interceptor, CustomStringConvertible {
    private let user: String
    private let authorization: String

    /// A user, whose name has no colon, and the password.
    public init(user: String, password: String) {
        self.user = user
        authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    /// Adds the header field `Authorization`.
    public func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        var request = request
        request.headerFields[.authorization] = authorization
        return try await next(request)
    }

    /// The user, without the password.
    public var description: String { "Basic authentication as \(user)" }
}

extension Interceptor where Self == BasicAuthentication {
    /// Says who calls by name and password.
    public static func basic(user: String, password: String) -> BasicAuthentication {
        BasicAuthentication(user: user, password: password)
    }
}
