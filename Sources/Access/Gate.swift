/// Lets in whoever can say who it is, in one of the ways that are switched on.
///
/// The gate knows header fields' values and nothing else of HTTP. A gate belongs to one engine.
package final class Gate: Sendable {
    /// Who somebody is, or how to ask.
    package enum Verdict: Sendable, Hashable {
        case identity(Identity)
        /// Values of the header field `WWW-Authenticate`.
        case refused(challenges: [String])
    }

    private let realm: String
    private let basic: BasicAuthentication?
    private let bearer: BearerAuthentication?

    /// `realm`: What the credentials are for, shown to people: the engine's name.
    package init(realm: String, basic: BasicAuthentication?, bearer: BearerAuthentication?) {
        let isPlain: (Character) -> Bool = { $0 != "\\" && $0 != "\"" && !$0.isNewline }
        self.realm = realm.filter(isPlain)
        self.basic = basic
        self.bearer = bearer
    }

    /// Who has just been found to call with these credentials; nil when that needs more than a look at the memory.
    package func recognize(_ authorization: String) -> Identity? {
        basic?.recognize(authorization) ?? bearer?.recognize(authorization)
    }

    /// Who calls.
    ///
    /// `authorization`: The value of the header field; nil when there is none, or more than one.
    ///
    /// - Throws: ``TooManyChecks``; what finding an account or the keys of tokens throws.
    package func authenticate(_ authorization: String?) async throws -> Verdict {
        guard let authorization else { return .refused(challenges: challenges()) }
        if let basic, authorization.hasPrefix(BasicCredentials.prefix),
            let identity = try await basic.authenticate(authorization)
        {
            return .identity(identity)
        }
        if let bearer, let token = BearerAuthentication.token(in: authorization) {
            if let identity = try await bearer.authenticate(token, authorization) { return .identity(identity) }
            return .refused(challenges: challenges(isTokenInvalid: true))
        }
        return .refused(challenges: challenges())
    }

    private func challenges(isTokenInvalid: Bool = false) -> [String] {
        var challenges: [String] = []
        if basic != nil { challenges.append("Basic realm=\"\(realm)\"") }
        if bearer != nil {
            challenges.append("Bearer realm=\"\(realm)\"" + (isTokenInvalid ? ", error=\"invalid_token\"" : ""))
        }
        return challenges
    }
}
