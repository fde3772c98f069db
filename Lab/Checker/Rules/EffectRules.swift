/// What holds for acknowledged work: it is there, once.
struct EffectRules {
    let history: History
    let holds: Holds
    private let logByTask: [String: [Rows.Logged]]
    private let activityByTask: [String: [Rows.Activity]]

    init(_ history: History, _ holds: Holds) {
        self.history = history
        self.holds = holds
        logByTask = Dictionary(grouping: history.rows.log, by: \.task)
        activityByTask = Dictionary(grouping: history.rows.activities, by: \.execution)
    }

    /// The calls of one kind on one task.
    private struct Said {
        var done: [Call] = []
        var doubtful: [Call] = []

        init(_ calls: [Call], where isMeant: (Request.Action) -> Bool) {
            for call in calls where isMeant(call.request.action) {
                switch call.effect {
                case .done: done.append(call)
                case .unknown: doubtful.append(call)
                case .none: break
                }
            }
        }

        var names: String { done.map(\.request.id).joined(separator: ", ") }
    }

    /// Completions, on every task that anybody spoke of or that the log calls successful.
    func completions() -> [Finding] {
        let successful = history.rows.log.filter { $0.state == "successful" }.map(\.task)
        return Set(holds.callsByTask.keys).union(successful).flatMap(completion)
    }

    private func completion(of task: String) -> [Finding] {
        let said = Said(holds.callsByTask[task] ?? []) { if case .complete = $0 { true } else { false } }
        let logged = (logByTask[task] ?? []).filter { $0.state == "successful" }
        var texts: [String] = []
        if said.done.count > 1 { texts.append("completed \(said.done.count) times, each acknowledged: \(said.names)") }
        if logged.count > 1 { texts.append("the log has \(logged.count) completions") }
        if logged.isEmpty, let lost = said.done.first {
            texts.append("the acknowledged completion \(lost.request.id) is lost: the log does not have it")
        }
        if let entry = logged.first {
            let acknowledged = Set(said.done.map(\.request.worker))
            let possible = acknowledged.isEmpty ? Set(said.doubtful.map(\.request.worker)) : acknowledged
            if possible.isEmpty {
                texts.append("the log has a completion that nobody asked for")
            } else if let worker = entry.worker, !possible.contains(worker) {
                texts.append("the log says that \(worker) completed it, but that was \(possible.sorted())")
            }
            let runs = activityByTask[task] ?? []
            if runs.count != 1 || runs[0].isCanceled {
                texts.append("completed, but the history of activities has it \(runs.count) times: \(runs)")
            }
        }
        return texts.map { Finding(.completesOnce, task, $0) }
    }

    /// Failures and BPMN errors, on every task that anybody reported one of.
    func reports() -> [Finding] {
        holds.callsByTask.keys.flatMap { failures(of: $0) + errors(of: $0) }
    }

    /// Incidents: one for each failure that left a task without retries.
    func incidents() -> [Finding] {
        let rows = Dictionary(grouping: history.rows.incidents, by: \.task)
        return Set(rows.keys).union(holds.callsByTask.keys).compactMap { task in
            let said = Said(holds.callsByTask[task] ?? []) { if case .fail(_, _, 0) = $0 { true } else { false } }
            let count = Set((rows[task] ?? []).map(\.id)).count
            guard count < said.done.count || count > said.done.count + said.doubtful.count else { return nil }
            let text = """
                \(said.done.count) failures without retries were acknowledged and \(said.doubtful.count) may have been \
                carried out; there were \(count) incidents
                """
            return Finding(.reportsOnce, task, text)
        }
    }

    private func failures(of task: String) -> [Finding] {
        let said = Said(holds.callsByTask[task] ?? []) { if case .fail = $0 { true } else { false } }
        let logged = (logByTask[task] ?? []).count { $0.state == "failed" }
        guard logged < said.done.count || logged > said.done.count + said.doubtful.count else { return [] }
        let text = """
            \(said.done.count) failures were acknowledged and \(said.doubtful.count) may have been carried out; the log \
            has \(logged)
            """
        return [Finding(.reportsOnce, task, text)]
    }

    private func errors(of task: String) -> [Finding] {
        let calls = holds.callsByTask[task] ?? []
        let said = Said(calls) { if case .throwError = $0 { true } else { false } }
        guard !said.done.isEmpty else { return [] }
        var texts: [String] = []
        if said.done.count > 1 { texts.append("\(said.done.count) errors were acknowledged: \(said.names)") }
        let runs = activityByTask[task] ?? []
        if runs.count != 1 || !runs[0].isCanceled {
            texts.append("an acknowledged error does not show: the history of activities has \(runs)")
        }
        if (logByTask[task] ?? []).contains(where: { $0.state == "successful" }) {
            texts.append("an error was acknowledged, and the log has a completion as well")
        }
        return texts.map { Finding(.reportsOnce, task, $0) }
    }
}
