import Postgres

/// Counts each topic's tasks and keeps the result for all nodes.
///
/// Ready and held tasks are counted by walking the indexes of the claim, those without retries by their incidents. How
/// long that took decides when the next sample may be taken.
struct TakeWorkSample: Statement {
    var maximumTopics: Int64
    var otherTopics: String
    var intervalMilliseconds: Int64
    var pauseFactor: Int64

    static let sql: SQLText = """
        with ready as (
            select topic, count(*) as ready, min(create_time) as oldest
            from external_task
            where ready
            group by topic
        ),
        held as (
            select topic, count(*) filter (where lock_expiration > statement_timestamp()) as locked,
                count(*) filter (where lock_expiration <= statement_timestamp()) as expired
            from external_task
            where not ready and lock_expiration is not null and not suspended and (retries is null or retries > 0)
            group by topic
        ),
        failed as (
            -- An external task's id is also its execution id.
            select task.topic, count(*) as failed
            from incident
            join external_task as task on task.id = incident.execution_id
            where incident.type = 'failedExternalTask'
            group by task.topic
        ),
        work as (
            select coalesce(topic, '') as topic, sum(ready) as ready, sum(locked) as locked, sum(expired) as expired,
                sum(failed) as failed, min(oldest) as oldest
            from (
                select topic, ready, 0 as locked, 0 as expired, 0 as failed, oldest from ready
                union all select topic, 0, locked, expired, 0, null from held
                union all select topic, 0, 0, 0, failed, null from failed
            ) as found
            group by 1
        ),
        told as (
            select case when number <= $1 then topic else $2 end as topic, sum(ready)::bigint as ready,
                sum(locked)::bigint as locked, sum(expired)::bigint as expired, sum(failed)::bigint as failed,
                (extract(epoch from statement_timestamp() - min(oldest)) * 1000)::bigint as oldest_ms
            from (
                select *, row_number() over (order by ready + locked + expired + failed desc, topic) as number from work
            ) as ranked
            group by 1
        ),
        counted as materialized (
            select coalesce(array_agg(topic order by topic), '{}') as topics,
                coalesce(array_agg(ready order by topic), '{}') as ready,
                coalesce(array_agg(locked order by topic), '{}') as locked,
                coalesce(array_agg(expired order by topic), '{}') as expired,
                coalesce(array_agg(failed order by topic), '{}') as failed,
                coalesce(array_agg(oldest_ms order by topic), '{}') as oldest_ms
            from told
        ),
        timed as materialized (
            select counted.*, clock_timestamp() - statement_timestamp() as elapsed from counted
        ),
        kept as (
            insert into work_sample as kept
                (single, taken_at, next_at, elapsed_ms, topics, ready, locked, expired, failed, oldest_ms)
            select true, statement_timestamp(),
                clock_timestamp() + greatest($3 * interval '1 millisecond', $4 * elapsed),
                (extract(epoch from elapsed) * 1000)::bigint, topics, ready, locked, expired, failed, oldest_ms
            from timed
            on conflict (single) do update
                set (taken_at, next_at, elapsed_ms, topics, ready, locked, expired, failed, oldest_ms)
                    = (excluded.taken_at, excluded.next_at, excluded.elapsed_ms, excluded.topics, excluded.ready,
                        excluded.locked, excluded.expired, excluded.failed, excluded.oldest_ms)
            returning kept.*
        )
        select true, \(KeptWorkSample.columns)
        from kept
        """

    static let parameters = ParameterEncoder(
        \Self.maximumTopics,
        \.otherTopics,
        \.intervalMilliseconds,
        \.pauseFactor
    )
    static let rows = RowDecoder(KeptWorkSample.init)
}
