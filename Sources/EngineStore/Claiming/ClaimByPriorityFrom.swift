import Postgres

/// Locks up to `limit` claimable tasks of some topics for a worker, the highest priority first and of that the oldest,
/// looking of some priorities only at those that are not older than a moment.
///
/// Priorities without such a moment are looked at in the gaps between the others.
struct ClaimByPriorityFrom: Statement {
    var worker: String
    var limit: Int64
    var candidates: Int64
    var topics: [String] = []
    var locks: [Int64] = []
    var priorities: [Int64] = []
    var from: [PostgresTimestamp] = []
    var gapTopics: [String] = []
    var gapLocks: [Int64] = []
    /// Each gap's lowest and highest priority.
    var lowest: [Int64] = []
    var highest: [Int64] = []

    static let sql: StaticString = """
        with candidate as materialized (
            select task.id, task.lock_milliseconds
            from (
                select ready.id, ready.priority, ready.create_time, ready.position, wanted.lock_milliseconds
                from unnest($4, $5, $6, $7) as wanted (topic, lock_milliseconds, priority, from_time)
                cross join lateral (
                    select ready.id, ready.priority, ready.create_time, ready.position
                    from external_task as ready
                    where ready.topic = wanted.topic and ready.ready and ready.priority = wanted.priority
                        and ready.create_time >= wanted.from_time
                    order by ready.priority desc, ready.create_time, ready.position
                    limit $3
                ) as ready
                union all
                select ready.id, ready.priority, ready.create_time, ready.position, wanted.lock_milliseconds
                from unnest($8, $9, $10, $11) as wanted (topic, lock_milliseconds, lowest, highest)
                cross join lateral (
                    select ready.id, ready.priority, ready.create_time, ready.position
                    from external_task as ready
                    where ready.topic = wanted.topic and ready.ready
                        and ready.priority between wanted.lowest and wanted.highest
                    order by ready.priority desc, ready.create_time, ready.position
                    limit $3
                ) as ready
            ) as task
            order by task.priority desc, task.create_time, task.position
            limit $3
        ),
        taken as materialized (
            -- Nothing sorts here: locks are taken in the order of the candidates, and only until there are enough.
            select locked.id, candidate.lock_milliseconds
            from candidate
            cross join lateral (
                select task.id
                from external_task as task
                -- Not simply "ready": the planner must not walk a partial index to find one row.
                where task.id = candidate.id and coalesce(task.ready, false)
                for no key update skip locked
            ) as locked
            limit $2
        ),
        claimed as (
            update external_task as task
            set ready = false, worker_id = $1,
                lock_expiration = date_trunc(
                    'milliseconds', statement_timestamp() + taken.lock_milliseconds * interval '1 millisecond')
            from taken
            where task.id = taken.id
            returning task.id, task.instance_id, task.path, task.iteration_id, task.definition_id, task.definition_key,
                task.activity_id, task.activity_instance_id, task.topic, task.priority, task.create_time, task.position,
                task.retries, task.error_message, task.error_details, task.lock_expiration
        )
        select seen.candidates, claimed.*
        from (select count(*) as candidates from candidate) as seen
        left join claimed on true
        """

    static let parameters = ParameterEncoder(
        \Self.worker,
        \.limit,
        \.candidates,
        \.topics,
        \.locks,
        \.priorities,
        \.from,
        \.gapTopics,
        \.gapLocks,
        \.lowest,
        \.highest
    )
    static let rows = ClaimRow.rows

    init(worker: String, limit: Int64, candidates: Int64) {
        self.worker = worker
        self.limit = limit
        self.candidates = candidates
    }

    /// Adds a topic with the moments of its priorities.
    mutating func add(_ topic: String, lock: Int64, from moments: [Int64: PostgresTimestamp]) {
        var highest: Int64? = .max
        for (priority, moment) in moments.sorted(by: { $0.key > $1.key }) {
            topics.append(topic)
            locks.append(lock)
            priorities.append(priority)
            from.append(moment)
            if let highest, priority < highest { addGap(topic, lock: lock, priority + 1...highest) }
            highest = priority > .min ? priority - 1 : nil
        }
        if let highest { addGap(topic, lock: lock, .min...highest) }
    }

    private mutating func addGap(_ topic: String, lock: Int64, _ range: ClosedRange<Int64>) {
        gapTopics.append(topic)
        gapLocks.append(lock)
        lowest.append(range.lowerBound)
        highest.append(range.upperBound)
    }
}
