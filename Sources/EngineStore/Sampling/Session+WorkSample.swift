package import Postgres

extension Session {
    /// The last sample; a new one when the last is old enough and no other node takes one.
    ///
    /// - Returns: Nil when none was ever taken.
    /// - Throws: `PostgresError` when it could not be taken; the next try is postponed then.
    nonisolated(nonsending) package func workSample() async throws(PostgresError) -> WorkSample? {
        var look = Pipeline()
        look.begin()
        look.add(SampleSettings(statementMilliseconds: WorkSample.patience.wholeMilliseconds))
        let token = look.add(ReadWorkSample())
        let kept = try await execute(look)[token].first
        guard kept?.isDue == true else {
            var end = Pipeline()
            end.rollback()
            try await execute(end)
            return kept?.sample
        }
        let start = ContinuousClock.now
        do throws(PostgresError) {
            return try await take()
        } catch {
            if error.isDefinitelyUndone { try? await postpone(after: ContinuousClock.now - start) }
            throw error
        }
    }

    nonisolated(nonsending) private func take() async throws(PostgresError) -> WorkSample? {
        var take = Pipeline()
        let token = take.add(
            TakeWorkSample(
                maximumTopics: WorkSample.maximumTopics,
                otherTopics: WorkSample.otherTopics,
                intervalMilliseconds: WorkSample.interval.wholeMilliseconds,
                pauseFactor: Int64(WorkSample.pauseFactor)
            )
        )
        take.commit()
        return try await execute(take)[token].first?.sample
    }

    nonisolated(nonsending) private func postpone(after elapsed: Duration) async throws(PostgresError) {
        let pause = max(WorkSample.interval, elapsed * WorkSample.pauseFactor)
        try await run(PostponeWorkSample(milliseconds: pause.wholeMilliseconds))
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
