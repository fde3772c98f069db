import FoundationEssentials
import Postgres

/// What a claim returns of each task: the same columns for every order.
struct ClaimedTask: Sendable {
    /// The poll that gets it, counted from 0.
    let poll: Int
    let id: UUID
    let instanceID: UUID
    let path: [UUID]
    let iterationID: UUID?
    let definitionID: String
    let definitionKey: String
    let activityID: String
    let activityInstanceID: String
    let topic: String
    let priority: Int64
    let createTime: PostgresTimestamp
    let position: Int64
    let retries: Int32?
    let errorMessage: String?
    let errorDetails: String?
    let lockExpiration: PostgresTimestamp

    /// Whether this task goes before another in an order.
    func precedes(_ other: ClaimedTask, in order: FetchOrder) -> Bool {
        if order.usePriority && priority != other.priority { return priority > other.priority }
        let (earlier, later) = order.isNewestFirst ? (other, self) : (self, other)
        return (earlier.createTime, earlier.position) < (later.createTime, later.position)
    }
}

/// A row of a claim: a task, or none when nothing was claimed.
struct ClaimRow: Sendable {
    /// How many tasks the claim looked at: when all that it may, there may be more.
    let candidates: Int64
    let task: ClaimedTask?

    static let rows = RowDecoder(ClaimRow.init)

    init(
        candidates: Int64,
        poll: Int32?,
        id: UUID?,
        instanceID: UUID?,
        path: [UUID]?,
        iterationID: UUID?,
        definitionID: String?,
        definitionKey: String?,
        activityID: String?,
        activityInstanceID: String?,
        topic: String?,
        priority: Int64?,
        createTime: PostgresTimestamp?,
        position: Int64?,
        retries: Int32?,
        errorMessage: String?,
        errorDetails: String?,
        lockExpiration: PostgresTimestamp?
    ) {
        self.candidates = candidates
        guard let poll, let id, let instanceID, let path, let definitionID, let definitionKey, let activityID,
            let activityInstanceID, let topic, let priority, let createTime, let position, let lockExpiration
        else {
            task = nil
            return
        }
        task = ClaimedTask(
            poll: Int(poll) - 1,
            id: id,
            instanceID: instanceID,
            path: path,
            iterationID: iterationID,
            definitionID: definitionID,
            definitionKey: definitionKey,
            activityID: activityID,
            activityInstanceID: activityInstanceID,
            topic: topic,
            priority: priority,
            createTime: createTime,
            position: position,
            retries: retries,
            errorMessage: errorMessage,
            errorDetails: errorDetails,
            lockExpiration: lockExpiration
        )
    }
}
