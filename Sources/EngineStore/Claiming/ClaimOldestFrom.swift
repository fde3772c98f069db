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
        taken as materialized (
            select locked.id, locked.topic, width_bucket(row_number() over (), $6) as poll
            from (
                -- Nothing sorts here: locks are taken in the order of the candidates, and only until there are enough.
                select locked.id, candidate.topic
                from candidate
                cross join lateral (
                    select task.id
                    from external_task as task
                    -- Not simply "ready": the planner must not walk a partial index to find one row.
                    where task.id = candidate.id and coalesce(task.ready, false)
                    for no key update skip locked
                ) as locked
                limit $4
            ) as locked
        ),
        claimed as (
            update external_task as task
            set ready = false, worker_id = ($1::text[])[taken.poll],
                lock_expiration = date_trunc('milliseconds', statement_timestamp() + interval '1 millisecond'
                    * ($3::bigint[])[(taken.poll - 1) * cardinality($2) + taken.topic])
            from taken
            where task.id = taken.id
            returning taken.poll, task.id, task.instance_id, task.path, task.iteration_id, task.definition_id,
                task.definition_key, task.activity_id, task.activity_instance_id, task.topic, task.priority,
                task.create_time, task.position, task.retries, task.error_message, task.error_details,
                task.lock_expiration
        )
        select seen.candidates, claimed.*
        from (select count(*) as candidates from candidate) as seen
        left join claimed on true
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
