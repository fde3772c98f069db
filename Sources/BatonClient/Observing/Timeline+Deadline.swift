extension Timeline {
    /// Calls `body`, and cancels it when it takes longer than `duration`.
    ///
    /// Returns nil when it did; throws what `body` throws otherwise.
    func within<Result: Sendable>(
        _ duration: Duration,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await sleep(for: duration)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
