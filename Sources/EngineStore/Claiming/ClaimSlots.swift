import EngineCore
import Postgres

/// Who gets the tasks of a claim: slots, numbered from 1 in the order of the polls, each poll with as many as it may
/// have.
///
/// The first task goes to the first slot, so the oldest poll gets the first tasks.
struct ClaimSlots: Sendable {
    /// By poll.
    let workers: [String]
    /// The topics that all of the polls want.
    let topics: [String]
    /// By poll and, within it, topic.
    let lockMilliseconds: [Int64]
    /// Each poll's first slot.
    let firsts: [Int64]
    /// The last slot.
    let limit: Int64
    /// The most tasks to look at.
    let candidates: Int64

    /// The slots of polls that want the same topics, without those that were given out.
    ///
    /// - Parameters:
    ///   - requests: The oldest first; with the same topics in the same order.
    ///   - taken: Slots that were given out by an earlier round.
    ///   - candidates: The most tasks to look at.
    init(_ requests: [FetchRequest], taken: Int, candidates: Int) {
        workers = requests.map(\.worker.rawValue)
        topics = requests[0].topics.map(\.topic)
        lockMilliseconds = requests.flatMap { $0.topics.map(\.boundedLockMilliseconds) }
        var next = Int64(1 - taken)
        firsts = requests.map { request in
            defer { next += Int64(request.limit) }
            return next
        }
        limit = next - 1
        self.candidates = Int64(candidates)
    }
}

extension ClaimSlots {
    /// A claim from the beginning, in an order that is given for a row by its alias.
    ///
    /// Each topic walks its part of the index. Candidates are chosen without locks; only what is handed out is locked,
    /// and what others are locking right now is skipped, so there should be more candidates than slots.
    static func claim(by order: (_ alias: SQLText) -> SQLText) -> SQLText {
        """
        with candidate as materialized (
            select task.id, wanted.number as topic
            from unnest($2) with ordinality as wanted (topic, number)
            cross join lateral (
                select ready.id, ready.priority, ready.create_time, ready.position
                from external_task as ready
                where ready.topic = wanted.topic and ready.ready
                order by \(order("ready"))
                limit $5
            ) as task
            order by \(order("task"))
            limit $5
        ),
        \(taking)
        """
    }

    /// What follows in every claim after `with candidate (id, topic)`, the tasks to choose from in their order with the
    /// numbers of their topics: locks and takes as many as there are slots, and returns ``ClaimRow``s.
    ///
    /// The parameters before the seventh are the slots.
    static let taking: SQLText = """
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
}
