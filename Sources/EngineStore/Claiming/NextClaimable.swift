package import Postgres

/// When the next task of each topic becomes claimable because its lock runs out: milliseconds from now, rounded up.
///
/// Topics that hold no such task have no row. What has run out already, but could not be swept, is 0.
package struct NextClaimable: Statement {
    package var topics: [String]
    package var after: [PostgresTimestamp]

    /// One topic's next moment.
    package struct Next: Sendable, Hashable {
        package var topic: String
        package var inMilliseconds: Int64
    }

    package static let sql: SQLText = """
        select wanted.topic,
            least(greatest(ceil(extract(epoch from held.lock_expiration - statement_timestamp()) * 1000), 0),
                1000000000000)::bigint
        from unnest($1, $2) as wanted (topic, after)
        cross join lateral (
            select task.lock_expiration
            from external_task as task
            where task.topic = wanted.topic and not task.ready and task.lock_expiration > wanted.after
                and not task.suspended and (task.retries is null or task.retries > 0)
            order by task.lock_expiration
            limit 1
        ) as held
        """

    package static let parameters = ParameterEncoder(\Self.topics, \.after)
    package static let rows = RowDecoder(Next.init)
}
