import Postgres

/// Locks claimable tasks of some topics for the workers of polls, the highest priority first and of that the oldest.
struct ClaimByPriority: Statement {
    var slots: ClaimSlots

    static let sql = ClaimSlots.claim { "\($0).priority desc, \($0).create_time, \($0).position" }
    static let parameters = ParameterEncoder(
        \Self.slots.workers,
        \.slots.topics,
        \.slots.lockMilliseconds,
        \.slots.limit,
        \.slots.candidates,
        \.slots.firsts
    )
    static let rows = ClaimRow.rows
}
