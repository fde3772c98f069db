import Postgres

/// Locks claimable tasks of some topics for the workers of polls, the highest priority first and of that the oldest,
/// looking of some priorities only at those that are not older than a moment.
///
/// Priorities without such a moment are looked at in the gaps between the others.
struct ClaimByPriorityFrom: Statement {
    var slots: ClaimSlots
    /// Numbers of topics, from 1, each with a priority and its moment.
    private var topics: [Int32] = []
    private var priorities: [Int64] = []
    private var from: [PostgresTimestamp] = []
    /// Numbers of topics, each with a gap's lowest and highest priority.
    private var gapTopics: [Int32] = []
    private var lowest: [Int64] = []
    private var highest: [Int64] = []

    static let sql: SQLText = """
        with candidate as materialized (
            select task.id, task.topic
            from (
                select ready.id, ready.priority, ready.create_time, ready.position, wanted.topic
                from unnest($7, $8, $9) as wanted (topic, priority, from_time)
                cross join lateral (
                    select ready.id, ready.priority, ready.create_time, ready.position
                    from external_task as ready
                    where ready.topic = ($2::text[])[wanted.topic] and ready.ready and ready.priority = wanted.priority
                        and ready.create_time >= wanted.from_time
                    order by ready.priority desc, ready.create_time, ready.position
                    limit $5
                ) as ready
                union all
                select ready.id, ready.priority, ready.create_time, ready.position, wanted.topic
                from unnest($10, $11, $12) as wanted (topic, lowest, highest)
                cross join lateral (
                    select ready.id, ready.priority, ready.create_time, ready.position
                    from external_task as ready
                    where ready.topic = ($2::text[])[wanted.topic] and ready.ready
                        and ready.priority between wanted.lowest and wanted.highest
                    order by ready.priority desc, ready.create_time, ready.position
                    limit $5
                ) as ready
            ) as task
            order by task.priority desc, task.create_time, task.position
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
        \.topics,
        \.priorities,
        \.from,
        \.gapTopics,
        \.lowest,
        \.highest
    )
    static let rows = ClaimRow.rows

    init(slots: ClaimSlots) { self.slots = slots }

    /// Adds a topic, by its number from 1, with the moments of its priorities.
    mutating func add(topic number: Int32, from moments: [Int64: PostgresTimestamp]) {
        var highest: Int64? = .max
        for (priority, moment) in moments.sorted(by: { $0.key > $1.key }) {
            topics.append(number)
            priorities.append(priority)
            from.append(moment)
            if let highest, priority < highest { addGap(number, priority + 1...highest) }
            highest = priority > .min ? priority - 1 : nil
        }
        if let highest { addGap(number, .min...highest) }
    }

    private mutating func addGap(_ number: Int32, _ range: ClosedRange<Int64>) {
        gapTopics.append(number)
        lowest.append(range.lowerBound)
        highest.append(range.upperBound)
    }
}
