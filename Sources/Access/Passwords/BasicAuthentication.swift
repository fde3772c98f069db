import Synchronization

/// Finds out who calls with a name and a password.
///
/// Trying a password is slow on purpose. What was found right is remembered for ``lifetime``; then the account is read
/// again, and the password is tried again only if the account's hash has changed. So a user who was removed, and a
/// password or limits that were changed, count after that time at the latest.
package final class BasicAuthentication: Sendable {
    /// How long credentials that were right count without a look at the account.
    package static let lifetime = Duration.seconds(10)
    /// How many credentials are remembered.
    static let capacity = 10_000
    /// How many requests may wait for the turn of their user.
    static let maximumWaiting = 20_000

    private struct Verified: Sendable {
        var account: Account
        var until: Duration
    }

    private let lookUp: AccountLookup
    private let clock: AccessClock
    private let slowWork: SlowWork
    private let memory = CredentialMemory<Verified>(capacity: BasicAuthentication.capacity)
    private let delays = Mutex(FailureDelays())
    /// One password is tried at a time for each user: a thousand at once are no way around the delay.
    private let turns = Turns<String>(width: 1, maximumWaiting: BasicAuthentication.maximumWaiting)
    /// Tried for users that do not exist, so that an answer takes as long as for others.
    private let nobody: PasswordHash?

    /// - Parameters:
    ///   - width: How many passwords are tried at a time.
    ///   - cost: What new hashes cost; trying a password of an unknown user costs as much.
    ///   - clock: Tells how long credentials have been remembered.
    ///   - lookUp: Finds an account.
    package init(
        width: Int = 2,
        cost: PasswordHash.Cost = .usual,
        clock: AccessClock = .system,
        lookUp: @escaping AccountLookup
    ) {
        self.lookUp = lookUp
        self.clock = clock
        slowWork = SlowWork(width: width)
        nobody = try? PasswordHash(of: "", cost: cost)
    }

    /// Who has just been found to call with this header field; nil when that has to be looked up.
    func recognize(_ authorization: String) -> Identity? {
        guard authorization.hasPrefix(BasicCredentials.prefix), let verified = memory[fingerprint(authorization)]
        else { return nil }
        let now = clock.elapsed()
        guard now < verified.until else { return nil }
        let identity = verified.account.identity
        return delays.withLock { $0.isDelayed(identity.userID, at: now) } ? nil : identity
    }

    /// Who calls with this header field; nil when it is malformed or wrong, or nothing is tried for this user now.
    ///
    /// - Throws: ``TooManyChecks``; what looking up an account throws.
    func authenticate(_ authorization: String) async throws -> Identity? {
        if let identity = recognize(authorization) { return identity }
        guard authorization.hasPrefix(BasicCredentials.prefix),
            let credentials = BasicCredentials(encoded: authorization.dropFirst(BasicCredentials.prefix.count))
        else { return nil }
        guard !isDelayed(credentials.user) else { return nil }
        return try await turns.take(credentials.user) {
            // The one before may have tried the same, or failed.
            guard !isDelayed(credentials.user) else { return nil }
            if let identity = recognize(authorization) { return identity }
            return try await check(credentials, fingerprint(authorization))
        }
    }

    private func check(_ credentials: BasicCredentials, _ fingerprint: Fingerprint) async throws -> Identity? {
        let moment = clock.elapsed()
        let account = try await lookUp(credentials.user)
        if let account, memory[fingerprint]?.account.passwordHash == account.passwordHash {
            memory[fingerprint] = Verified(account: account, until: moment + Self.lifetime)
            return account.identity
        }
        memory[fingerprint] = nil
        let hash = account?.passwordHash ?? nobody
        let isRight = try await slowWork.run { hash?.matches(credentials.password) ?? false }
        guard isRight, let account else {
            delays.withLock { $0.failed(credentials.user, at: clock.elapsed()) }
            return nil
        }
        delays.withLock { $0.succeeded(credentials.user) }
        memory[fingerprint] = Verified(account: account, until: moment + Self.lifetime)
        return account.identity
    }

    private func isDelayed(_ user: String) -> Bool {
        let now = clock.elapsed()
        return delays.withLock { $0.isDelayed(user, at: now) }
    }

    private func fingerprint(_ authorization: String) -> Fingerprint { memory.fingerprint(of: authorization) }
}
