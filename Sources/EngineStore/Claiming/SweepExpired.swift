import Postgres

/// Makes tasks of some topics claimable again whose lock has run out, at most `limit` of each topic.
///
/// They keep worker and expiration: the worker may still complete until another takes the task. Only locks that ran
/// out after a topic's moment are looked at, so that nothing walks over what was swept long ago.
struct SweepExpired: Statement {
    var topics: [String]
    var after: [PostgresTimestamp]
    var limit: Int64

    /// How many tasks of a topic became claimable.
    struct Swept: Sendable {
        var topic: String
        var count: Int64
    }

    static let sql: SQLText = """
        with expired as materialized (
            select held.id
            from unnest($1, $2) as wanted (topic, after)
            cross join lateral (
                select task.id
                from external_task as task
                where task.topic = wanted.topic and not task.ready
                    and task.lock_expiration > wanted.after and task.lock_expiration <= statement_timestamp()
                    and not task.suspended and (task.retries is null or task.retries > 0)
                order by task.lock_expiration
                limit $3
                for no key update skip locked
            ) as held
        ),
        swept as (
            update external_task as task
            set ready = true, position = nextval('ready_position')
            from expired
            where task.id = expired.id
            returning task.topic
        )
        select topic, count(*)
        from swept
        group by topic
        """

    static let parameters = ParameterEncoder(\Self.topics, \.after, \.limit)
    static let rows = RowDecoder(Swept.init)
}
