/// What holds for user tasks: claimed by one, completed once.
struct UserTaskRules {
    let history: History

    func findings() -> [Finding] {
        var claims: [String: [Call]] = [:]
        var completions: [String: [Call]] = [:]
        for call in history.calls where call.mayHaveHappened {
            switch call.request.action {
            case .claim(let task): claims[task, default: []].append(call)
            case .completeUserTask(let task): completions[task, default: []].append(call)
            default: break
            }
        }
        let rows = Dictionary(grouping: history.rows.userTasks, by: \.id)
        return Set(rows.keys).union(claims.keys).union(completions.keys).flatMap { task in
            let texts =
                objections(toClaims: claims[task] ?? [], rows[task] ?? [])
                + objections(toCompletions: completions[task] ?? [], rows[task] ?? [])
            return texts.map { Finding(.userTasksOnce, task, $0) }
        }
    }

    private func objections(toClaims calls: [Call], _ rows: [Rows.UserTask]) -> [String] {
        let owners = Set(calls.filter { $0.effect == .done }.map(\.request.worker))
        if owners.count > 1 { return ["was claimed by \(owners.sorted()), each acknowledged"] }
        guard let owner = owners.first, let row = rows.first, row.assignee != owner else { return [] }
        return ["was claimed by \(owner), but the history says that it was \(row.assignee ?? "nobody")'s"]
    }

    private func objections(toCompletions calls: [Call], _ rows: [Rows.UserTask]) -> [String] {
        let done = calls.filter { $0.effect == .done }
        var texts: [String] = []
        if rows.count > 1 { texts.append("is over \(rows.count) times") }
        if done.count > 1 { texts.append("was completed \(done.count) times, each acknowledged") }
        let isCompleted = rows.contains { $0.reason == "completed" }
        if let call = done.first, !isCompleted {
            texts.append("the acknowledged completion \(call.request.id) is lost")
        }
        if isCompleted, calls.isEmpty { texts.append("was completed, and nobody asked for it") }
        return texts
    }
}
