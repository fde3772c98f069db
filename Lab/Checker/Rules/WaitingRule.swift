/// No task that is free waits beside a poll that wants it, longer than the safety check and in calm.
///
/// A task is free when it was created, given back, when its retry time is over, or when the lock of a worker that says
/// nothing any more ran out. What is judged is the time in which it certainly was free, some poll of its topic certainly
/// waited at a node, and no fault was in force or had been a moment ago. A poll whose end nobody saw may have locked it
/// for a client that was gone: until such a lock must be over, nothing is judged either.
package struct WaitingRule {
    let history: History
    let holds: Holds

    /// How long before and after its client was gone a poll may have locked tasks for it, in microseconds.
    static let doubt: Int64 = 1_000_000

    /// What came of it.
    struct Outcome {
        var findings: [Finding] = []
        /// By how the tasks came to be free.
        var waits: [String: Wait] = [:]
    }

    /// What tasks waited that came to be free in one way.
    package struct Wait: Sendable, Hashable {
        package var count = 0
        /// The longest that one was free beside a waiting poll, in calm, in microseconds; 0 when it was not to be seen.
        package var longest: Int64 = 0
        /// Which one that was.
        package var task = ""
    }

    /// A time in which a task was free.
    private struct Free {
        var task: String
        var topic: String
        var from: LabMoment
        var to: LabMoment
        var why: String
    }

    func judge() -> Outcome {
        var outcome = Outcome()
        let polls = waitingPolls()
        let calm = polls.keys.reduce(into: [:]) { $0[$1] = calmTimes($1) }
        let free = freeTimes()
        outcome.findings = overtaken(free, calm)
        for free in free {
            let waited = longestWait(free, polls[free.topic] ?? [], calm[free.topic] ?? [])
            outcome.waits[free.why, default: Wait()].count += 1
            if waited > outcome.waits[free.why]?.longest ?? 0 {
                outcome.waits[free.why]?.longest = waited
                outcome.waits[free.why]?.task = free.task
            }
            guard waited > history.run.longestWait else { continue }
            let text = "free (\(free.why)), and a poll waited beside it for \(waited / 1000) ms in calm"
            let rule = free.why == Hold.Ending.ranOut.rawValue ? Finding.Rule.locksRunOut : .nothingWaits
            outcome.findings.append(Finding(rule, free.task, text))
        }
        return outcome
    }

    private func freeTimes() -> [Free] {
        var free: [Free] = []
        let created = Dictionary(
            history.rows.log.filter { $0.state == "created" }.map { ($0.task, $0.time) },
            uniquingKeysWith: min
        )
        for (task, holds) in holds.byTask {
            if let first = holds.first, let creation = created[task] {
                let from = history.clock.latest(creation)
                free.append(Free(task: task, topic: first.topic, from: from, to: taken(first), why: "created"))
            }
            for (hold, next) in zip(holds, holds.dropFirst()) {
                guard let from = hold.freeAtLatest else { continue }
                let to = taken(next)
                free.append(Free(task: task, topic: hold.topic, from: from, to: to, why: hold.ending.rawValue))
            }
        }
        return free
    }

    /// Tasks that were free for long, in calm, while others of their topic were created and handed out.
    ///
    /// Whoever asks for no order gets the oldest first. What is locked by claims under way may be passed over, and what a
    /// node believes of the line is corrected every second; so only what came ``Run/longestWait`` later counts.
    private func overtaken(_ all: [Free], _ calm: [String: [Range<LabMoment>]]) -> [Finding] {
        let created = Dictionary(grouping: all.filter { $0.why == "created" }, by: \.topic)
        return all.compactMap { free in
            guard free.to - free.from > history.run.longestWait else { return nil }
            let other = created[free.topic]?.first { other in
                guard let first = holds.byTask[other.task]?.first else { return false }
                let handedOut = history.clock.latest(first.granted + Hold.toldPrecision) + Hold.claimSlack
                let born = other.from + -history.clock.uncertainty
                return born > free.from + history.run.longestWait && handedOut < free.to
                    && calm[free.topic]?.contains { $0.contains(free.from) && $0.contains(handedOut) } ?? false
            }
            guard let other else { return nil }
            let text =
                "free (\(free.why)) for \((free.to - free.from) / 1000) ms, while \(other.task) was created and taken"
            return Finding(.inTurn, free.task, text)
        }
    }

    private func taken(_ hold: Hold) -> LabMoment { history.clock.earliest(hold.granted) }

    /// The times in which polls that were answered properly waited for topics.
    private func waitingPolls() -> [String: [Range<LabMoment>]] {
        var polls: [String: [Range<LabMoment>]] = [:]
        for call in history.calls where call.effect == .done && !call.request.isSlow {
            guard case .fetch(let topics, _, _) = call.request.action, let received = call.answer?.received,
                call.request.sent < received
            else { continue }
            for topic in topics { polls[topic, default: []].append(call.request.sent..<received) }
        }
        return polls.mapValues { $0.filter { $0.upperBound - $0.lowerBound > Self.shortest } }
    }

    /// Polls that waited for less are of no interest.
    private static let shortest: Int64 = 100_000

    /// The times without faults, and without locks of the topic that nobody knows of.
    private func calmTimes(_ topic: String) -> [Range<LabMoment>] {
        var stormy: [Range<LabMoment>] = []
        for call in history.calls where call.effect == .unknown {
            guard case .fetch(let topics, let lock, _) = call.request.action, topics.contains(topic) else { continue }
            let sent = call.request.sent
            guard let gone = call.answer?.received ?? history.deaths[call.request.life] else {
                stormy.append(sent..<LabMoment(rawValue: .max))
                continue
            }
            stormy.append(max(sent, gone + -Self.doubt)..<(max(sent, gone) + Self.doubt + lock * 1000))
        }
        return Calm(history.faults, and: stormy).times
    }

    private func longestWait(_ free: Free, _ polls: [Range<LabMoment>], _ calm: [Range<LabMoment>]) -> Int64 {
        guard free.to - free.from > Self.shortest else { return 0 }
        let time = free.from..<free.to
        return polls.reduce(0) { longest, poll in
            guard poll.overlaps(time) else { return longest }
            let both = poll.clamped(to: time)
            return calm.reduce(longest) { longest, calm in
                guard calm.overlaps(both) else { return longest }
                let judged = calm.clamped(to: both)
                return max(longest, judged.upperBound - judged.lowerBound)
            }
        }
    }
}
