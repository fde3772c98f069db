/// Finds out who calls with a token.
///
/// What was found right is remembered for ``lifetime``, and never longer than the token is valid.
package final class BearerAuthentication: Sendable {
    /// How long a token that was right counts without a look at the keys.
    package static let lifetime = Duration.seconds(10)
    /// How many tokens are remembered.
    static let capacity = 10_000
    /// The longest token that is read, in bytes.
    static let maximumLength = 16_384

    private struct Verified: Sendable {
        var identity: Identity
        var until: Duration
    }

    private let rules: TokenRules
    private let keys: KeyRing
    private let clock: AccessClock
    private let memory = CredentialMemory<Verified>(capacity: BearerAuthentication.capacity)

    package init(rules: TokenRules, keys: KeyRing, clock: AccessClock = .system) {
        self.rules = rules
        self.keys = keys
        self.clock = clock
    }

    /// The token in a header field; nil when the field brings something else.
    ///
    /// The scheme's name may be written in any way.
    static func token(in authorization: String) -> Substring? {
        let scheme = authorization.prefix(7)
        guard scheme.utf8.count == 7, scheme.lowercased() == "bearer " else { return nil }
        return authorization.dropFirst(7).drop { $0 == " " }
    }

    /// Who has just been found to call with this header field; nil when the token has to be read.
    func recognize(_ authorization: String) -> Identity? {
        guard Self.token(in: authorization) != nil, let verified = memory[memory.fingerprint(of: authorization)],
            clock.elapsed() < verified.until
        else { return nil }
        return verified.identity
    }

    /// Who calls with a token; nil when it is malformed, not signed by one of the keys, or against the rules.
    func authenticate(_ token: Substring, _ authorization: String) async throws -> Identity? {
        if let identity = recognize(authorization) { return identity }
        guard token.utf8.count <= Self.maximumLength, let signed = SignedToken(token) else { return nil }
        let moment = clock.elapsed()
        guard let key = await keys.key(for: signed.header), key.verifies(signed), let claims = signed.claims() else {
            return nil
        }
        guard let (identity, seconds) = rules.identity(in: claims, at: clock.date()) else { return nil }
        let until = moment + min(Self.lifetime, .seconds(seconds))
        memory[memory.fingerprint(of: authorization)] = Verified(identity: identity, until: until)
        return identity
    }
}
