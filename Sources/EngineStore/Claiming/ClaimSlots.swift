import EngineCore

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
