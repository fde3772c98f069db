import EngineStore
import Synchronization

/// When the locks that this node's claims set will run out, as far as other nodes were told: a value without a clock.
///
/// Other nodes ask for the next moment when they park a poll, so only a moment before the one they know is news.
struct LockMoments: Sendable {
    /// The most topics that are remembered.
    static let maximumTopics = 10_000

    private var told: [String: Duration] = [:]

    /// Whether a lock of a topic that runs out at a moment has to be told; it then counts as told.
    mutating func mustTell(_ topic: String, at moment: Duration, now: Duration) -> Bool {
        if let known = told[topic], known > now, known <= moment { return false }
        if told.count >= Self.maximumTopics { told = [:] }
        told[topic] = moment
        return true
    }
}

/// What a node remembers from one claim to the next; forgetting it costs time, nothing else.
final class ClaimMemory: Sendable {
    let sweeps = Mutex(SweepSchedule())
    let bounds = Mutex(ClaimBounds())
    let lockMoments = Mutex(LockMoments())
}
