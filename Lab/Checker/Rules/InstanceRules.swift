/// What holds for instances: started once, ended, and each step of their model taken once.
struct InstanceRules {
    let history: History

    /// Starts, by their business keys, which no two share.
    func starts() -> [Finding] {
        var found: [String: [String]] = [:]
        for row in history.rows.running { found[row.businessKey ?? "", default: []].append(row.id) }
        for row in history.rows.ended { found[row.businessKey ?? "", default: []].append(row.id) }
        var findings: [Finding] = []
        for call in history.calls {
            guard case .start(let key) = call.request.action else { continue }
            // An instance that is both running and ended is another rule's.
            let instances = Set(found.removeValue(forKey: key) ?? [])
            let text: String? =
                switch call.effect {
                case .done where instances.isEmpty: "the acknowledged start \(call.request.id) is lost"
                case .done where call.answer?.instance.map { !instances.contains($0) } ?? true:
                    "the start was answered with \(call.answer?.instance ?? "nothing"), but \(instances.sorted()) is there"
                case .none where !instances.isEmpty: "the start was refused, but \(instances.sorted()) is there"
                case .done, .none, .unknown:
                    instances.count > 1 ? "one start made \(instances.count): \(instances.sorted())" : nil
                }
            if let text { findings.append(Finding(.startsOnce, key, text)) }
        }
        for (key, instances) in found {
            findings.append(Finding(.startsOnce, key, "nobody asked for \(instances)"))
        }
        return findings
    }

    /// Instances that do not end, or end otherwise than by themselves.
    func ends() -> [Finding] {
        let running = history.rows.running.map { row in
            let parts = history.rows.parts.filter { $0.instance == row.id }.map { "\($0.table) \($0.id)" }
            return Finding(.everythingEnds, row.id, "still runs (\(row.businessKey ?? "")), with \(parts)")
        }
        let others = history.rows.ended.filter { $0.state != "COMPLETED" }.map {
            Finding(.everythingEnds, $0.id, "ended as \($0.state)")
        }
        return running + others
    }

    /// Whether each instance went the way of its model.
    func steps() -> [Finding] {
        let runs = Dictionary(grouping: history.rows.activities, by: \.instance)
        return history.rows.ended.filter { $0.state == "COMPLETED" }.flatMap { row -> [Finding] in
            let byActivity = Dictionary(grouping: runs[row.id] ?? [], by: \.activity)
            var texts: [String] = []
            for (activity, expected) in history.run.expected.sorted(by: { $0.key < $1.key }) {
                let count = byActivity[activity]?.count ?? 0
                guard count < expected.fewest || count > expected.most else { continue }
                texts.append("went through \(activity) \(count) times")
            }
            for (activity, follower) in history.run.errorFollowers.sorted(by: { $0.key < $1.key }) {
                let errors = byActivity[activity]?.count(where: \.isCanceled) ?? 0
                let followers = byActivity[follower]?.count ?? 0
                guard errors != followers else { continue }
                texts.append("\(errors) errors in \(activity) led to \(followers) times \(follower)")
            }
            return texts.map { Finding(.movesOnce, row.id, $0) }
        }
    }
}
