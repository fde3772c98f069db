/// What holds for instances: started once, ended, and each step of their model taken once.
struct InstanceRules {
    let history: History
    let deletions: Deletions

    /// Starts, by their business keys, which no two share.
    func starts() -> [Finding] {
        var found: [String: [String]] = [:]
        let byClients = Set(history.run.models.filter { $0.value.startedBy == nil }.keys)
        for row in history.rows.running where byClients.contains(row.process) {
            found[row.businessKey ?? "", default: []].append(row.id)
        }
        for row in history.rows.ended where byClients.contains(row.process) {
            found[row.businessKey ?? "", default: []].append(row.id)
        }
        var findings: [Finding] = []
        for call in history.calls {
            guard case .start(let key, _) = call.request.action else { continue }
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

    /// Instances that do not end, or end otherwise than by themselves or by a client's wish.
    func ends() -> [Finding] {
        let running = history.rows.running.map { row in
            let parts = history.rows.parts.filter { $0.instance == row.id }.map { "\($0.table) \($0.id)" }
            return Finding(.everythingEnds, row.id, "still runs (\(row.businessKey ?? "")), with \(parts)")
        }
        let others = history.rows.ended.filter { $0.state != "COMPLETED" && !isDeleted($0) }.map {
            Finding(.everythingEnds, $0.id, "ended as \($0.state)")
        }
        return running + others + lostDeletions()
    }

    private func isDeleted(_ row: Rows.Ended) -> Bool {
        row.state == "EXTERNALLY_TERMINATED" && deletions.mayHaveHit(row.id)
    }

    /// Acknowledged deletions that do not show, or more than one of the same instance.
    private func lostDeletions() -> [Finding] {
        let known = Set(history.rows.running.map(\.id) + history.rows.ended.map(\.id))
        var findings = history.rows.ended.filter { $0.state == "COMPLETED" }.compactMap { row in
            deletions.acknowledged(row.id).first.map {
                Finding(.everythingEnds, row.id, "completed, but \($0.request.id) had deleted it")
            }
        }
        for instance in known {
            let calls = deletions.acknowledged(instance)
            guard calls.count > 1 else { continue }
            findings.append(Finding(.everythingEnds, instance, "was deleted \(calls.count) times, each acknowledged"))
        }
        return findings
    }

    /// Whether each instance went the way of its model.
    func steps() -> [Finding] {
        let runs = Dictionary(grouping: history.rows.activities, by: \.instance)
        return history.rows.ended.filter { $0.state == "COMPLETED" }.flatMap { row -> [Finding] in
            let byActivity = Dictionary(grouping: runs[row.id] ?? [], by: \.activity)
            var texts: [String] = []
            guard let model = history.run.models[row.process] else {
                return [Finding(.movesOnce, row.id, "is of the process \(row.process), which nobody knows")]
            }
            for (activity, expected) in model.expected.sorted(by: { $0.key < $1.key }) {
                let count = byActivity[activity]?.count ?? 0
                guard count < expected.fewest || count > expected.most else { continue }
                texts.append("went through \(activity) \(count) times")
            }
            for (activity, follower) in model.errorFollowers.sorted(by: { $0.key < $1.key }) {
                let errors = byActivity[activity]?.count(where: \.isCanceled) ?? 0
                let followers = byActivity[follower]?.count ?? 0
                guard errors != followers else { continue }
                texts.append("\(errors) errors in \(activity) led to \(followers) times \(follower)")
            }
            return texts.map { Finding(.movesOnce, row.id, $0) }
        }
    }
}
