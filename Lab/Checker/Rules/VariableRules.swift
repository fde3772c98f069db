/// What holds for variables: what an acknowledged call wrote is there, once, and nothing that nobody wrote.
///
/// Each call that writes has variables of its own (``Request/Action/ownVariable``) and its id as their value. So the last
/// values say which calls were carried out, independently of what the log and the activities say.
struct VariableRules {
    let history: History
    let holds: Holds

    private struct Name: Hashable {
        var instance: String
        var variable: String
    }

    func findings() -> [Finding] {
        let instances = InstancesOfCalls(history, holds)
        var writers: [Name: [Call]] = [:]
        var lastWriters: [String: [Call]] = [:]
        for call in history.calls {
            guard let variable = call.request.action.ownVariable, let instance = instances.instance(of: call) else {
                continue
            }
            writers[Name(instance: instance, variable: variable), default: []].append(call)
            if call.request.action.isLastWriter { lastWriters[instance, default: []].append(call) }
        }
        var findings: [Finding] = []
        var found = Set<Name>()
        for row in history.rows.variables {
            let name = Name(instance: row.instance, variable: row.name)
            if !found.insert(name).inserted { findings.append(finding(name, "is there more than once")) }
            let calls = row.name == Rows.lastVariable ? lastWriters[row.instance] : writers[name]
            if let text = objection(to: row, calls ?? []) { findings.append(finding(name, text)) }
        }
        let known = Set(history.rows.running.map(\.id) + history.rows.ended.map(\.id))
        for (name, calls) in writers where !found.contains(name) && known.contains(name.instance) {
            guard let call = calls.first(where: { $0.effect == .done }) else { continue }
            findings.append(finding(name, "is lost: \(call.request.id) wrote it and was acknowledged"))
        }
        return findings
    }

    private func objection(to row: Rows.Variable, _ calls: [Call]) -> String? {
        guard let value = row.value, let writer = calls.first(where: { $0.request.id == value }) else {
            return "is \(row.value ?? "null"), which nobody wrote"
        }
        guard writer.mayHaveHappened else { return "was written by \(value), which was refused" }
        guard row.name == Rows.lastVariable else {
            let acknowledged = calls.first { $0.effect == .done && $0.request.id != value }
            return acknowledged.map { "is \(value), but \($0.request.id) was acknowledged" }
        }
        guard writer.effect == .done, let received = writer.answer?.received else { return nil }
        let later = calls.first { $0.effect == .done && $0.request.sent > received }
        return later.map { "is \(value), but \($0.request.id) was asked for after its answer, and acknowledged" }
    }

    private func finding(_ name: Name, _ text: String) -> Finding {
        Finding(.variablesOnce, name.instance, "the variable \(name.variable) \(text)")
    }
}

/// Which instances calls speak of.
struct InstancesOfCalls {
    private var byTask: [String: String] = [:]
    private var byKey: [String: String] = [:]
    private var byUserTask: [String: String] = [:]

    init(_ history: History, _ holds: Holds) {
        for (task, holds) in holds.byTask { byTask[task] = holds.first?.instance }
        for row in history.rows.running { if let key = row.businessKey { byKey[key] = row.id } }
        for row in history.rows.ended { if let key = row.businessKey { byKey[key] = row.id } }
        for row in history.rows.userTasks { byUserTask[row.id] = row.instance }
    }

    /// Nil when nobody can tell.
    func instance(of call: Call) -> String? {
        switch call.request.action {
        case .start(let key, _): byKey[key]
        case .complete(let task), .fail(let task, _, _), .throwError(let task), .extendLock(let task, _),
            .unlock(let task):
            byTask[task]
        case .claim(let task), .completeUserTask(let task): byUserTask[task]
        case .correlate(_, let instance), .delete(let instance): instance
        case .fetch, .signal, .resetRetries, .list: nil
        }
    }
}
