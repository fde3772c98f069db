import Metrics
import Synchronization

/// The metrics of clients and workers; their names and dimensions are a promise.
///
/// | name | kind | dimensions |
/// |---|---|---|
/// | `baton_client_call_duration` | timer | `operation`, `result`: `ok` or an error's code |
/// | `baton_worker_fetched_tasks` | counter | `topic` |
/// | `baton_worker_tasks` | counter | `topic`, `outcome`: completed, bpmn_error, failed, released, deferred, lock_lost, unreported |
/// | `baton_worker_handler_duration` | timer | `topic` |
/// | `baton_worker_busy_slots` | gauge | `topic` |
/// | `baton_worker_polls` | counter | `outcome`: tasks, empty, down, overloaded, refused |
/// | `baton_worker_lock_extensions` | counter | `topic`, `result`: `ok` or an error's code |
enum ClientMetrics {
    static func called(_ operation: EngineOperation, _ result: String, _ duration: Duration) {
        Timer(
            label: "baton_client_call_duration",
            dimensions: [("operation", operation.description), ("result", result)]
        ).record(duration: duration)
    }

    static func fetched(_ topic: String) {
        Counter(label: "baton_worker_fetched_tasks", dimensions: [("topic", topic)]).increment()
    }

    static func ended(_ topic: String, _ outcome: String) {
        Counter(label: "baton_worker_tasks", dimensions: [("topic", topic), ("outcome", outcome)]).increment()
    }

    static func handled(_ topic: String, _ duration: Duration) {
        Timer(label: "baton_worker_handler_duration", dimensions: [("topic", topic)]).record(duration: duration)
    }

    /// A slot is taken for a task of the topic.
    static func began(_ topic: String) { busy.change(topic, by: 1) }

    /// A slot that was taken for a task of the topic is free again.
    static func ended(_ topic: String) { busy.change(topic, by: -1) }

    private static let busy = BusySlots()

    static func polled(_ outcome: PollReport.Outcome) {
        Counter(label: "baton_worker_polls", dimensions: [("outcome", "\(outcome)")]).increment()
    }

    static func extended(_ topic: String, _ result: String) {
        Counter(label: "baton_worker_lock_extensions", dimensions: [("topic", topic), ("result", result)]).increment()
    }
}

/// How many slots of all workers of this process are taken, by topic.
private final class BusySlots: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func change(_ topic: String, by difference: Int) {
        counts.withLock { counts in
            counts[topic, default: 0] += difference
            // Told under the lock, so that the last one told is the last one counted.
            Gauge(label: "baton_worker_busy_slots", dimensions: [("topic", topic)]).record(counts[topic, default: 0])
        }
    }
}
