import Postgres

/// Reads the sample that was kept, and whether the next one may be taken.
///
/// The second is true for one transaction at a time, until its end.
struct ReadWorkSample: Statement {
    static let sql: SQLText = """
        select coalesce(kept.next_at <= clock_timestamp(), true)
                and pg_try_advisory_xact_lock(hashtextextended('work_sample of ' || coalesce(current_schema(), ''), 0)),
            \(KeptWorkSample.columns)
        from (values (true)) as one (single)
        left join work_sample as kept on kept.single = one.single
        """

    static let rows = RowDecoder(KeptWorkSample.init)
}

/// The row that is kept of a sample, if there is one.
struct KeptWorkSample: Sendable {
    /// Whether the next one may be taken here and now.
    var isDue: Bool
    var sample: WorkSample?

    static let columns: SQLText = """
        (extract(epoch from clock_timestamp() - kept.taken_at) * 1000)::bigint, kept.elapsed_ms,
            kept.topics, kept.ready, kept.locked, kept.expired, kept.failed, kept.oldest_ms
        """

    init(
        isDue: Bool,
        age: Int64?,
        elapsed: Int64?,
        topics: [String]?,
        ready: [Int64]?,
        locked: [Int64]?,
        expired: [Int64]?,
        failed: [Int64]?,
        oldest: [Int64?]?
    ) {
        self.isDue = isDue
        guard let age, let elapsed, let topics, let ready, let locked, let expired, let failed, let oldest,
            [ready.count, locked.count, expired.count, failed.count, oldest.count].allSatisfy({ $0 == topics.count })
        else { return }
        sample = WorkSample(
            topics: topics.indices.map { index in
                WorkSample.Topic(
                    name: topics[index],
                    ready: ready[index],
                    locked: locked[index],
                    expired: expired[index],
                    failed: failed[index],
                    oldestMilliseconds: oldest[index]
                )
            },
            ageMilliseconds: max(0, age),
            elapsedMilliseconds: elapsed
        )
    }
}
