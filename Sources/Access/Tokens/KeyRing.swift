package import Logging

/// Has the keys that tokens are signed with, and looks for new ones when they are old or a token names another one.
///
/// Keys that were found stay when they cannot be found again: a server that is down for a while locks nobody out.
package actor KeyRing {
    /// Reads a key set from where it is.
    package typealias Source = @Sendable () async throws -> [UInt8]

    /// After what time keys are looked for again.
    static let lifetime = Duration.seconds(600)
    /// How long after one attempt the next may follow, whatever tokens name.
    static let shortestInterval = Duration.seconds(10)

    private let source: Source
    private let clock: AccessClock
    private let logger: Logger
    private var keys: KeySet?
    private var lastAttempt: Duration?
    private var attempt: Task<Void, Never>?

    package init(source: @escaping Source, clock: AccessClock = .system, logger: Logger) {
        self.source = source
        self.clock = clock
        self.logger = logger
    }

    /// Reads the keys now.
    ///
    /// - Throws: ``KeysUnavailable``, and what reading them throws.
    package func load() async throws {
        lastAttempt = clock.elapsed()
        keys = try await KeySet(json: try await source())
    }

    /// The key that a token's header names; nil when there is none.
    func key(for header: SignedToken.Header) async -> SignatureKey? {
        if let key = keys?.key(for: header), !isOlder(than: Self.lifetime) { return key }
        if isOlder(than: Self.shortestInterval) { await refresh() } else { await attempt?.value }
        return keys?.key(for: header)
    }

    private func isOlder(than time: Duration) -> Bool {
        guard let lastAttempt else { return true }
        return clock.elapsed() - lastAttempt >= time
    }

    /// Whoever comes while keys are looked for waits for the same attempt.
    private func refresh() async {
        lastAttempt = clock.elapsed()
        // Waited for here, and by those who come meanwhile.
        let attempt = Task {
            do {
                try await load()
            } catch {
                logger.warning("Keys of tokens cannot be read", metadata: ["problem": "\(error)"])
            }
            self.attempt = nil
        }
        self.attempt = attempt
        await attempt.value
    }
}
