import Measures
import Synchronization

/// What this node counts of one topic.
final class TopicMeasures: Sendable {
    let created = EventCounter()
    let claimed = EventCounter()
    let completed = EventCounter()
    let failed = EventCounter()
    let bpmnErrors = EventCounter()
    let unlocked = EventCounter()
    let extended = EventCounter()
    let expired = EventCounter()
    let givenBack = EventCounter()
    let wakeUps = Histogram(.seconds)
}

/// The measures of the topics that this node has had to do with.
///
/// Whoever counts something takes the lock once for all that it has to count.
final class TopicTable: Sendable {
    /// The most topics that are told apart; all others together are one.
    static let limit = 1_000

    /// Finds the measures of topics.
    struct Finder: Sendable {
        fileprivate var topics: [String: TopicMeasures] = [:]
        fileprivate let others = TopicMeasures()
        /// What was found last, because tasks of one topic come together.
        private var last: (topic: String, measures: TopicMeasures)?

        /// The measures of a topic; a task whose model names none has the empty one.
        mutating func callAsFunction(_ topic: String?) -> TopicMeasures {
            let topic = topic ?? ""
            if let last, last.topic == topic { return last.measures }
            let found = topics[topic] ?? add(topic)
            last = (topic, found)
            return found
        }

        private mutating func add(_ topic: String) -> TopicMeasures {
            guard topics.count < TopicTable.limit else { return others }
            let new = TopicMeasures()
            topics[topic] = new
            return new
        }
    }

    private let finder = Mutex(Finder())

    /// Calls `body` with what finds the measures of topics; it must not wait for anything.
    func count(_ body: (inout Finder) -> Void) { finder.withLock { body(&$0) } }

    /// All topics with what was counted, sorted by name, and the rest under ``WorkSample/otherTopics``.
    var all: [(name: String, measures: TopicMeasures)] {
        let (known, others) = finder.withLock { ($0.topics, $0.others) }
        return known.map { (name: $0.key, measures: $0.value) }.sorted { $0.name < $1.name }
            + (known.count < Self.limit ? [] : [(name: TopicTable.others, measures: others)])
    }

    /// What all topics beyond ``limit`` are called together.
    static let others = "_other"
}
