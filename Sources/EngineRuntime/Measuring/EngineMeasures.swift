import EngineCore
import EngineStore
import Measures

/// What an engine counts on this node from its start on, each after it was committed.
package final class EngineMeasures: Sendable {
    let topics = TopicTable()

    let batchSizes = Histogram(.counts)
    let batchTimes = Histogram(.seconds)
    let commandsDone = EventCounter()
    let commandsRejected = EventCounter()
    let commandsFailed = EventCounter()
    let commandsPutOff = EventCounter()

    let claimTimes = Histogram(.seconds)
    let claimedTasks = Histogram(Histogram.Scale(bounds: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500]))
    let claimingPolls = Histogram(.counts)

    let pollsWoken = EventCounter()
    let pollsWokenByCheck = EventCounter()

    let instancesStarted = EventCounter()
    let instancesCompleted = EventCounter()
    let instancesTerminated = EventCounter()

    package init() {}
}

// MARK: Commands

extension EngineMeasures {
    /// A batch is done: what it decided is committed, and its callers are about to be answered.
    func finished(_ batch: DecidedBatch, elapsed: Duration) {
        batchSizes.observe(batch.outcomes.count)
        batchTimes.observe(elapsed)
        count(batch.events)
        count(batch.outcomes)
    }

    private func count(_ events: [Event]) {
        topics.count { topic in
            for event in events {
                switch event {
                case .externalTaskCreated(let task): topic(task.topic).created.add()
                case .externalTaskLogged(let entry) where entry.state == .successful:
                    topic(entry.task.topic).completed.add()
                case .externalTaskLogged(let entry) where entry.state == .failed:
                    topic(entry.task.topic).failed.add()
                case .scopeOpened(let scope) where scope.process != nil: instancesStarted.add()
                case .instanceEnded(let ended):
                    (ended.state == .completed ? instancesCompleted : instancesTerminated).add()
                default: break
                }
            }
        }
    }

    private func count(_ outcomes: [DecidedBatch.Outcome]) {
        var (done, rejected, failed, putOff) = (0, 0, 0, 0)
        for outcome in outcomes {
            switch outcome {
            case .done(let outcome):
                done += 1
                if let report = outcome.report { count(report) }
            case .rejected: rejected += 1
            case .failed: failed += 1
            case .skipped: putOff += 1
            }
        }
        commandsDone.add(done)
        commandsRejected.add(rejected)
        commandsFailed.add(failed)
        commandsPutOff.add(putOff)
    }

    /// What a command did to an external task that no event tells.
    struct TaskReport: Sendable {
        enum Kind: Sendable { case bpmnError, unlocked, extended }

        var kind: Kind
        var topic: String?
    }

    private func count(_ report: TaskReport) {
        topics.count { topic in
            let measures = topic(report.topic)
            switch report.kind {
            case .bpmnError: measures.bpmnErrors.add()
            case .unlocked: measures.unlocked.add()
            case .extended: measures.extended.add()
            }
        }
    }
}

extension EngineMeasures.TaskReport {
    /// Nil for a command that does nothing of this kind.
    init?(of command: Command, before tree: InstanceTree) {
        switch command {
        case .throwExternalTaskError(let id, _): self.init(kind: .bpmnError, topic: tree.externalTasks[id]?.topic)
        case .unlockExternalTask(let id): self.init(kind: .unlocked, topic: tree.externalTasks[id]?.topic)
        case .extendExternalTaskLock(let id, worker: _, milliseconds: _):
            self.init(kind: .extended, topic: tree.externalTasks[id]?.topic)
        case .limited(toTopics: _, let command): self.init(of: command, before: tree)
        default: return nil
        }
    }
}

// MARK: Claims

extension EngineMeasures {
    /// A claim is committed.
    func claimed(_ outcome: Claim.Outcome, elapsed: Duration) {
        claimTimes.observe(elapsed)
        claimingPolls.observe(outcome.tasks.count)
        claimedTasks.observe(outcome.tasks.reduce(0) { $0 + $1.count })
        guard !outcome.swept.isEmpty || outcome.tasks.contains(where: { !$0.isEmpty }) else { return }
        topics.count { topic in
            for tasks in outcome.tasks {
                for task in tasks { topic(task.topic).claimed.add() }
            }
            for (name, count) in outcome.swept { topic(name).expired.add(count) }
        }
    }

    /// Tasks whose worker never heard of them are free again.
    func gaveBack(_ released: [String: Int]) {
        topics.count { topic in
            for (name, count) in released { topic(name).givenBack.add(count) }
        }
    }

    /// A poll that was woken has found something.
    func wokenPollFound(_ topic: String, after delay: Duration) {
        topics.count { $0(topic).wakeUps.observe(delay) }
    }
}
