import EngineCore
import EngineStore
import Expressions

/// What was decided for a batch: an outcome for each command, and the events of all.
struct DecidedBatch: Sendable {
    var outcomes: [Outcome] = []
    var events: [Event] = []
    var definitionFacts = DefinitionFacts()
    var moment = Instant(millisecondsSinceEpoch: 0)
    var transaction: Int64 = 0

    enum Outcome: Sendable {
        case done(CommandOutcome)
        case rejected(Rejection)
        case failed(any Error)
        /// Another node holds the root.
        case skipped
    }

    /// Where tasks can be claimed now, or will be after a while.
    var topicWork: [TopicWork] {
        var ready: [String: Int] = [:]
        var later: [TopicWork] = []
        for event in events {
            guard case .externalTaskCreated(let task) = event else {
                if case .externalTaskChanged(let task) = event { add(task, &ready, &later) }
                continue
            }
            add(task, &ready, &later)
        }
        return ready.map { TopicWork(topic: $0.key, count: $0.value) } + later
    }

    private func add(_ task: ExternalTask, _ ready: inout [String: Int], _ later: inout [TopicWork]) {
        guard let topic = task.topic else { return }
        if task.isReady {
            ready[topic, default: 0] += 1
        } else if let expiration = task.lockExpiration, task.isClaimable(at: expiration) {
            let wait = expiration.millisecondsSinceEpoch - moment.millisecondsSinceEpoch
            later.append(TopicWork(topic: topic, inMilliseconds: max(0, wait)))
        }
    }
}
