import ArgumentParser
import Foundation

/// What a client shows to a server that asks who calls, and which server it trusts.
struct ClientCredentials: Equatable, Sendable {
    /// How the client says who it is.
    enum Proof: Equatable, Sendable {
        case password(user: String, String)
        case token(String)
    }

    /// Nil for a server that asks nobody.
    var proof: Proof?
    /// A PEM file with certificates to trust besides the system's.
    var caCertificateFile: String?

    static let none = ClientCredentials()

    /// The value of the header field `Authorization`.
    var authorization: String? {
        switch proof {
        case nil: nil
        case .password(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        case .token(let token): "Bearer \(token)"
        }
    }

    /// The variables by which another process of this program gets the same; nobody else can read them.
    var environment: [String: String] {
        switch proof {
        case nil: [:]
        case .password(let user, let password): [Setting.user.variable: user, Setting.password.variable: password]
        case .token(let token): [Setting.token.variable: token, Setting.user.variable: ""]
        }
    }
}

extension CredentialFlags {
    /// The credentials that were given; none are fine.
    ///
    /// - Throws: `ValidationError` when they do not go together.
    func credentials() throws -> ClientCredentials {
        let reader = SettingReader(self)
        var credentials = ClientCredentials()
        credentials.caCertificateFile = reader.given(.caCertificate)
        guard user == nil || token == nil else { throw ValidationError("Give a user or a token, not both.") }
        // A token that was given by flag wins over a user of the environment.
        if token == nil, let user = reader.given(.user) {
            guard let password = passwordStdin ? PasswordFlags.fromStandardInput() : reader.given(.password),
                !password.isEmpty
            else {
                throw ValidationError("\(user) needs a password: in BATON_PASSWORD, or with --password-stdin.")
            }
            credentials.proof = .password(user: user, password)
        } else {
            guard !passwordStdin, password == nil else { throw ValidationError("A password needs a user: --user.") }
            credentials.proof = reader.given(.token).map { .token($0) }
        }
        return credentials
    }
}
