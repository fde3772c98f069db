/// History and runtime tell one story.
struct AgreementRule {
    let history: History

    func findings() -> [Finding] {
        let running = Set(history.rows.running.map(\.id))
        let ended = Dictionary(history.rows.ended.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return instances(running, ended) + parts(running) + activities(running, ended) + log(running, ended)
    }

    private func finding(_ subject: String, _ text: String) -> Finding { Finding(.historyAgrees, subject, text) }

    private func instances(_ running: Set<String>, _ ended: [String: Rows.Ended]) -> [Finding] {
        var findings = running.filter { ended[$0] != nil }.map {
            finding($0, "runs, and the history says that it ended")
        }
        if history.rows.ended.count != ended.count {
            let counts = Dictionary(grouping: history.rows.ended, by: \.id).filter { $0.value.count > 1 }
            findings += counts.map { finding($0.key, "ended \($0.value.count) times") }
        }
        findings += ended.values.filter { $0.end < $0.start }.map { finding($0.id, "ended before it was started") }
        return findings
    }

    private func parts(_ running: Set<String>) -> [Finding] {
        history.rows.parts.filter { !running.contains($0.instance) }.map {
            finding($0.id, "is left in \($0.table), but its instance \($0.instance) does not run")
        }
    }

    private func activities(_ running: Set<String>, _ ended: [String: Rows.Ended]) -> [Finding] {
        let twice = Dictionary(grouping: history.rows.activities, by: \.id).filter { $0.value.count > 1 }
        var findings = twice.map { finding($0.key, "the history has this run \($0.value.count) times") }
        for row in history.rows.activities {
            if row.end < row.start { findings.append(finding(row.id, "ended before it began")) }
            guard let instance = ended[row.instance] else {
                if !running.contains(row.instance) { findings.append(finding(row.id, "its instance is nowhere")) }
                continue
            }
            if row.start < instance.start || row.end > instance.end {
                findings.append(finding(row.id, "does not lie within the life of its instance \(row.instance)"))
            }
        }
        return findings
    }

    /// Every task was created once, and is over in the log, in the activities, and in the runtime, or in none of them.
    private func log(_ running: Set<String>, _ ended: [String: Rows.Ended]) -> [Finding] {
        let open = Set(history.rows.parts.filter { $0.table == "external_task" }.map(\.id))
        let runs = Set(history.rows.activities.map(\.execution))
        var findings: [Finding] = []
        for (task, entries) in Dictionary(grouping: history.rows.log, by: \.task) {
            let created = entries.count { $0.state == "created" }
            if created != 1 { findings.append(finding(task, "was created \(created) times")) }
            if entries.contains(where: { ended[$0.instance] == nil && !running.contains($0.instance) }) {
                findings.append(finding(task, "its instance is nowhere"))
            }
            if open.contains(task) == runs.contains(task) {
                findings.append(finding(task, open.contains(task) ? "is open and over" : "is neither open nor over"))
            }
            if open.contains(task), entries.contains(where: { ["successful", "deleted"].contains($0.state) }) {
                findings.append(finding(task, "is open, and the log says that it is over"))
            }
        }
        findings += open.subtracting(history.rows.log.map(\.task)).map { finding($0, "is open, but the log lacks it") }
        return findings
    }
}
