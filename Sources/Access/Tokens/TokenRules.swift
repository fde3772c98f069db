import FoundationEssentials

/// What a token must claim, and what its claims mean.
package struct TokenRules: Sendable, Hashable {
    /// Who must have made the token: the claim `iss`.
    package var issuer: String
    /// Whom the token must be for: one of the claim `aud`.
    package var audience: String
    /// By how many seconds clocks may differ, at least 0.
    package var leewaySeconds = 30
    /// The claim with the user's id.
    package var userClaim = "sub"
    /// The claim with the user's groups; none are fine.
    package var groupsClaim = "groups"
    /// The claim with the topics that the token is limited to; without it there is no such limit.
    package var topicsClaim = "topics"
    /// The claim that is true for a token limited to what workers do.
    package var workerClaim = "worker"

    package init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// Who the claims say that somebody is, and for how many seconds from now; nil when they are against the rules.
    ///
    /// A limit that cannot be read refuses the token: it must not mean that there is none.
    func identity(in claims: [String: Claim], at now: Date) -> (Identity, remainingSeconds: Double)? {
        guard case .text(issuer) = claims["iss"], isForUs(claims["aud"]),
            let seconds = remainingSeconds(claims, now.timeIntervalSince1970),
            case .text(let user) = claims[userClaim], Account.problem(withName: user) == nil || isSubject(user),
            let limits = limits(in: claims)
        else { return nil }
        let groups = claims[groupsClaim].flatMap(Self.texts) ?? []
        return (Identity(userID: user, groups: groups, limits: limits), seconds)
    }

    /// A subject may have colons, unlike the name of a user with a password.
    private func isSubject(_ user: String) -> Bool {
        Account.problem(withName: user.replacing(":", with: ".")) == nil
    }

    private func isForUs(_ claim: Claim?) -> Bool {
        switch claim {
        case .text(audience): true
        case .list(let list): list.contains(.text(audience))
        case .text, .number, .flag, .other, nil: false
        }
    }

    /// How long the token is valid; nil when it is no longer, or not yet.
    private func remainingSeconds(_ claims: [String: Claim], _ now: Double) -> Double? {
        let leeway = Double(leewaySeconds)
        guard case .number(let expiration) = claims["exp"], now < expiration + leeway else { return nil }
        switch claims["nbf"] {
        case nil: break
        case .number(let beginning): guard beginning <= now + leeway else { return nil }
        default: return nil
        }
        return expiration + leeway - now
    }

    private func limits(in claims: [String: Claim]) -> Identity.Limits? {
        var isWorker = false
        switch claims[workerClaim] {
        case nil: break
        case .flag(let flag): isWorker = flag
        case .text("true"): isWorker = true
        case .text("false"): break
        default: return nil
        }
        guard let topics = claims[topicsClaim] else { return Identity.Limits(isWorker: isWorker, topics: nil) }
        return Self.texts(topics).map { Identity.Limits(isWorker: isWorker, topics: Set($0)) }
    }

    /// Several texts: a list, or one text with blanks or commas between them.
    private static func texts(_ claim: Claim) -> [String]? {
        switch claim {
        case .text(let text): return text.split { $0 == " " || $0 == "," }.map(String.init)
        case .list(let list):
            let texts = list.compactMap { claim in if case .text(let text) = claim { text } else { nil } }
            return texts.count == list.count ? texts : nil
        case .number, .flag, .other: return nil
        }
    }
}
