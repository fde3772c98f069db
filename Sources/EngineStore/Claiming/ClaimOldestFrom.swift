import Postgres

/// Locks claimable tasks of some topics for the workers of polls, the oldest first, looking only
/// at those that are not older than a moment of each topic.
///
/// Each topic walks its part of the index. Candidates are chosen without locks; only what is handed out is locked, and
/// what others are locking right now is skipped, so there should be more candidates than slots.
struct ClaimOldestFrom: Statement {
    var slots: ClaimSlots
    /// A moment for each topic.
    var from: [PostgresTimestamp]

    static let sql: SQLText = """
        with candidate as materialized (
            select task.id, wanted.number as topic
            from unnest($2, $7) with ordinality as wanted (topic, from_time, number)
            cross join lateral (
                select ready.id, ready.priority, ready.create_time, ready.position
                from external_task as ready
                where ready.topic = wanted.topic and ready.ready and ready.create_time >= wanted.from_time
                order by ready.create_time, ready.position
                limit $5
            ) as task
            order by task.create_time, task.position
            limit $5
        ),
        \(ClaimSlots.taking)
        """

    static let parameters = ParameterEncoder(
        \Self.slots.workers,
        \.slots.topics,
        \.slots.lockMilliseconds,
        \.slots.limit,
        \.slots.candidates,
        \.slots.firsts,
        \.from
    )
    static let rows = ClaimRow.rows
}
