/// Holds a token while it is good, and has one task at a time fetch another.
actor TokenCache {
    typealias Token = BearerAuthentication.Token

    private let timeline: Timeline
    private let provider: @Sendable (BearerAuthentication.Reason) async throws -> Token
    private var current: (text: String, end: Duration?)?
    private var fetching: Task<String, any Error>?

    init(
        clock: any Clock<Duration>,
        provider: @escaping @Sendable (BearerAuthentication.Reason) async throws -> Token
    ) {
        timeline = Timeline(clock)
        self.provider = provider
    }

    /// A token that is good, as far as one can know.
    func token() async throws -> String {
        if let current, current.end.map({ timeline.now < $0 }) ?? true { return current.text }
        return try await fetch(.needed)
    }

    /// A token after this one was refused.
    func token(insteadOf refused: String) async throws -> String {
        if let current, current.text != refused { return current.text }
        return try await fetch(.refused(refused))
    }

    private func fetch(_ reason: BearerAuthentication.Reason) async throws -> String {
        // Everybody who needs a token waits for this one; it goes on when one of them is cancelled.
        let task = fetching ?? Task { try await renew(reason) }
        fetching = task
        return try await task.value
    }

    private func renew(_ reason: BearerAuthentication.Reason) async throws -> String {
        defer { fetching = nil }
        let start = timeline.now
        let token = try await provider(reason)
        current = (token.text, token.lifetime.map { start + $0 })
        return token.text
    }
}
