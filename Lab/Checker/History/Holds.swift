/// All holds of a record.
package struct Holds: Sendable {
    /// By task, in the order in which they were granted.
    package let byTask: [String: [Hold]]
    /// What was said of tasks after fetching them, in the order of sending.
    package let callsByTask: [String: [Call]]

    init(_ history: History) {
        let callsByTask = Dictionary(grouping: history.calls.filter { $0.task != nil }) { $0.task ?? "" }
        var holds: [String: [Hold]] = [:]
        for call in history.calls {
            guard case .fetch(_, let milliseconds, _) = call.request.action, call.effect == .done else { continue }
            for grant in call.answer?.grants ?? [] {
                guard let hold = Hold(grant, of: call, milliseconds, history.clock) else { continue }
                holds[grant.task, default: []].append(hold)
            }
        }
        byTask = Dictionary(
            uniqueKeysWithValues: holds.map { task, holds in
                var holds = holds.sorted { ($0.granted, $0.received) < ($1.granted, $1.received) }
                for index in holds.indices {
                    holds[index].follow(callsByTask[task] ?? [], among: holds, at: index, history.deaths)
                }
                return (task, holds)
            }
        )
        self.callsByTask = callsByTask
    }

    /// How many there are.
    var count: Int { byTask.values.reduce(0) { $0 + $1.count } }
}

extension Hold {
    /// A lock of which nothing is known but that it was granted.
    fileprivate init?(_ grant: Answer.Grant, of call: Call, _ lockMilliseconds: Int64, _ clock: ClockBounds) {
        guard let received = call.answer?.received else { return nil }
        task = grant.task
        instance = grant.instance
        topic = grant.topic
        worker = call.request.worker
        life = call.request.life
        request = call.request.id
        self.received = received
        granted = grant.expiration + -lockMilliseconds * 1000
        grantedAtEarliest = clock.earliest(granted)
        begin = min(received, clock.latest(granted + Self.toldPrecision) + Self.claimSlack)
        // The expiration that is told is not later than the true one.
        end = clock.earliest(grant.expiration)
        freeAtLatest = clock.latest(grant.expiration + Self.toldPrecision)
        ending = .ranOut
    }

    /// Learns from what was said of the task when the lock ended at the earliest, and at the latest.
    fileprivate mutating func follow(
        _ calls: [Call],
        among holds: [Hold],
        at index: Int,
        _ deaths: [String: LabMoment]
    ) {
        let next = holds.dropFirst(index + 1).map(\.received).min()
        var released: LabMoment?
        var shortestDoubtful = Int64.max
        for call in calls where concerns(call) {
            let isBeforeNext = next.map { call.request.sent < $0 } ?? true
            switch call.request.action {
            case .extendLock(_, let milliseconds):
                let from = max(call.request.sent, grantedAtEarliest)
                guard call.effect == .done, let answered = call.answer?.received else {
                    // It may also shorten: the new expiration counts from the moment of its decision.
                    end = min(end, from + milliseconds * 1000)
                    shortestDoubtful = min(shortestDoubtful, milliseconds)
                    if isBeforeNext { freeAtLatest = nil }
                    continue
                }
                guard isLast(before: call, among: holds) else { continue }
                end = from + min(milliseconds, shortestDoubtful) * 1000
                if freeAtLatest != nil { freeAtLatest = answered + milliseconds * 1000 }
            case .complete, .fail, .throwError, .unlock:
                released = min(released ?? call.request.sent, call.request.sent)
                guard isBeforeNext else { continue }
                freeAtLatest = ending == .ranOut ? Self.freeAtLatest(after: call) : nil
                ending = Self.ending(call.request.action)
            case .start, .fetch, .claim, .completeUserTask, .correlate, .signal, .delete, .resetRetries, .list: break
            }
        }
        for limit in [released, deaths[life]].compactMap(\.self) { end = min(end, limit) }
        end = max(begin, end)
    }

    /// Whether a call can have changed this hold: it comes from its worker (or is an unlock, which anybody may ask
    /// for), and can take effect after the task was granted.
    private func concerns(_ call: Call) -> Bool {
        guard call.canHappen(after: grantedAtEarliest) else { return false }
        if case .unlock = call.request.action { return true }
        return call.request.worker == worker
    }

    /// Whether a call was made in the knowledge of this hold, and of none that came after it.
    private func isLast(before call: Call, among holds: [Hold]) -> Bool {
        guard call.request.life == life, received <= call.request.sent else { return false }
        return !holds.contains {
            $0.life == life && $0.worker == worker && $0.received > received && $0.received <= call.request.sent
        }
    }

    private static func ending(_ action: Request.Action) -> Ending {
        switch action {
        case .unlock: .unlocked
        case .fail: .failed
        default: .completed
        }
    }

    /// When a task is free again after a call that releases it; nil when nobody can tell, or never again.
    private static func freeAtLatest(after call: Call) -> LabMoment? {
        guard call.effect == .done, let answered = call.answer?.received else { return nil }
        return switch call.request.action {
        case .unlock: answered
        // Without retries, nobody gets it before somebody gives it some.
        case .fail(_, let milliseconds, let retries): retries > 0 ? answered + milliseconds * 1000 : nil
        default: nil
        }
    }
}
