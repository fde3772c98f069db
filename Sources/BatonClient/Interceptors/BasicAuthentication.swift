import Foundation
import HTTPTypes

/// Says who calls by name and password.
///
/// No description of it shows the password.
public struct BasicAuthentication: Interceptor, CustomStringConvertible, CustomReflectable {
    private let user: String
    private let authorization: String

    /// A user and the password, which are sent in UTF-8.
    ///
    /// - Parameters:
    ///   - user: The name, which must not contain a colon: servers take what follows it for the password (RFC 7617).
    ///   - password: The password.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when the name contains a colon, or either
    ///   of the two a control character.
    public init(user: String, password: String) throws {
        guard !user.unicodeScalars.contains(":") else {
            throw BatonError(.invalidConfiguration, message: "The name of a user must not contain a colon")
        }
        guard !(user + password).unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw BatonError(
                .invalidConfiguration,
                message: "The name of a user and the password must not contain control characters"
            )
        }
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

    /// Shows the user, and not the password.
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}

extension Interceptor where Self == BasicAuthentication {
    /// Says who calls by name and password: `try .basic(user: "charger", password: password)`.
    ///
    /// - Throws: As ``BasicAuthentication/init(user:password:)``.
    public static func basic(user: String, password: String) throws -> BasicAuthentication {
        try BasicAuthentication(user: user, password: password)
    }
}
