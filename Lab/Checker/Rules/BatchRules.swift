/// What holds for batches: there once, and carried out to the end.
struct BatchRules {
    let history: History

    func findings() -> [Finding] {
        let rows = Dictionary(grouping: history.rows.batches, by: \.id)
        let calls = history.calls.filter { $0.request.action == .resetRetries }
        var findings = rows.flatMap { id, rows in
            rows.compactMap(objection).map { Finding(.batchesOnce, id, $0) }
                + (rows.count > 1 ? [Finding(.batchesOnce, id, "is in the history \(rows.count) times")] : [])
        }
        let told = calls.filter { $0.effect == .done }.compactMap { $0.answer?.batch }
        for batch in told {
            guard let row = rows[batch.id]?.first else {
                findings.append(Finding(.batchesOnce, batch.id, "was acknowledged, and is lost"))
                continue
            }
            guard row.jobs != batch.jobs else { continue }
            findings.append(Finding(.batchesOnce, batch.id, "has \(row.jobs) jobs, but \(batch.jobs) were told"))
        }
        let others = Set(rows.keys).subtracting(told.map(\.id))
        let doubtful = calls.count { $0.effect == .unknown }
        if others.count > doubtful {
            let text = "\(others.count) batches were made beside those acknowledged, by \(doubtful) calls in doubt"
            findings.append(Finding(.batchesOnce, "batches", text))
        }
        return findings
    }

    private func objection(to row: Rows.Batch) -> String? {
        if row.open > 0 { return "has \(row.open) jobs left that nobody carries out" }
        if row.isOver, row.failed > 0 { return "is over, with \(row.failed) jobs left" }
        if !row.isOver, row.failed == 0 { return "has nothing left to do, and is not over" }
        return nil
    }
}
