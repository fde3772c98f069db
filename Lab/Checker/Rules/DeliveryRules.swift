/// What holds for messages and signals: who waits gets them, once, and nobody goes on without.
struct DeliveryRules {
    let history: History
    let holds: Holds
    let deletions: Deletions

    func findings() -> [Finding] {
        let activities = Dictionary(grouping: history.rows.activities, by: \.activity)
        var findings: [Finding] = []
        for (process, model) in history.run.models {
            findings += messages(model, activities)
            for (activity, awaited) in model.signals {
                findings += signals(activity, after: awaited, activities[activity] ?? [])
            }
            if let thrower = model.startedBy { findings += thrown(by: thrower, starting: process, activities) }
        }
        return findings
    }

    // MARK: Messages

    private func messages(_ model: Run.Model, _ activities: [String: [Rows.Activity]]) -> [Finding] {
        var calls: [String: [Call]] = [:]
        for call in history.calls where call.mayHaveHappened {
            guard case .correlate(let message, let instance) = call.request.action, model.messages.contains(message)
            else { continue }
            calls[instance, default: []].append(call)
        }
        var runs: [String: [Rows.Activity]] = [:]
        for row in model.messages.flatMap({ activities[$0] ?? [] }) where !row.isCanceled {
            runs[row.instance, default: []].append(row)
        }
        return Set(calls.keys).union(runs.keys).flatMap { instance in
            objections(calls[instance] ?? [], runs[instance] ?? []).map { Finding(.deliveredOnce, instance, $0) }
        }
    }

    /// Each instance waits for one message, once.
    private func objections(_ calls: [Call], _ runs: [Rows.Activity]) -> [String] {
        let done = calls.filter { $0.effect == .done }
        var texts: [String] = []
        if done.count > 1 { texts.append("took \(done.count) messages: \(done.map(\.request.id))") }
        if runs.count > 1 { texts.append("went on by a message \(runs.count) times: \(runs.map(\.id))") }
        for call in done {
            guard case .correlate(let message, _) = call.request.action,
                !runs.contains(where: { $0.activity == message })
            else { continue }
            texts.append("the acknowledged message \(call.request.id) is lost")
        }
        for run in runs where !calls.contains(where: { Self.asks($0, for: run.activity) }) {
            texts.append("went on at \(run.activity) by a message that nobody sent")
        }
        return texts
    }

    private static func asks(_ call: Call, for activity: String) -> Bool {
        if case .correlate(activity, _) = call.request.action { true } else { false }
    }

    // MARK: Signals of clients

    private func signals(_ activity: String, after awaited: String, _ runs: [Rows.Activity]) -> [Finding] {
        let calls = history.calls.filter { call in
            if case .signal(activity) = call.request.action { call.mayHaveHappened } else { false }
        }
        let done = calls.filter { $0.effect == .done }.compactMap { call in
            call.answer.map { (request: call.request, received: $0.received) }
        }
        let runByInstance = Dictionary(runs.map { ($0.instance, $0) }, uniquingKeysWith: { first, _ in first })
        var findings = runs.filter { !$0.isCanceled }.compactMap { run -> Finding? in
            let (from, to) = (history.clock.earliest(run.end), history.clock.latest(run.end))
            let isAsked = calls.contains { $0.request.sent <= to && $0.canHappen(after: from + -1) }
            guard !isAsked else { return nil }
            return Finding(.deliveredOnce, run.instance, "went on at \(activity) without any signal")
        }
        for (instance, since) in certainlyWaiting(after: awaited) {
            guard let first = done.first(where: { $0.request.sent > since }),
                !deletions.mayHaveHit(instance, before: first.received)
            else { continue }
            if let run = runByInstance[instance], history.clock.earliest(run.end) <= first.received { continue }
            let text = "waited at \(activity) when \(first.request.id) was sent, and did not get it by its answer"
            findings.append(Finding(.deliveredOnce, instance, text))
        }
        return findings
    }

    /// When the task of an activity was certainly completed, by instance.
    private func certainlyWaiting(after activity: String) -> [String: LabMoment] {
        var moments: [String: LabMoment] = [:]
        let tasks = Set(history.rows.activities.filter { $0.activity == activity }.map(\.execution))
        for task in tasks {
            guard let instance = holds.byTask[task]?.first?.instance else { continue }
            for call in holds.callsByTask[task] ?? [] where call.effect == .done {
                guard case .complete = call.request.action, let received = call.answer?.received else { continue }
                moments[instance] = received
            }
        }
        return moments
    }

    // MARK: Signals of processes

    /// Each signal starts the process once, whoever dies while it is given.
    private func thrown(
        by thrower: String,
        starting process: String,
        _ activities: [String: [Rows.Activity]]
    ) -> [Finding] {
        let throwing = (activities[thrower] ?? []).count { !$0.isCanceled }
        let ended = Set(history.rows.ended.filter { $0.process == process }.map(\.id))
        let running = history.rows.running.filter { $0.process == process }.map(\.id)
        let started = ended.union(running).count
        guard started != throwing else { return [] }
        return [Finding(.deliveredOnce, process, "\(throwing) signals of \(thrower) started it \(started) times")]
    }
}
