import Postgres

/// Locks claimable tasks of some topics for the workers of polls, the newest first.
struct ClaimNewest: Statement {
    var slots: ClaimSlots

    static let sql = ClaimSlots.claim { "\($0).create_time desc, \($0).position desc" }
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
