/// What holds for locks: one holder at a time, and the holder is heard.
struct HoldRules {
    let history: History
    let holds: Holds
    let deletions: Deletions

    /// Two holds that certainly overlap.
    func overlaps() -> [Finding] {
        holds.byTask.flatMap { task, holds -> [Finding] in
            var findings: [Finding] = []
            var longest: Hold?
            for hold in holds.filter({ $0.begin < $0.end }).sorted(by: { $0.begin < $1.begin }) {
                if let longest, hold.begin < longest.end {
                    let text = """
                        held by \(longest.worker) (\(longest.request)) until \(longest.end.rawValue) at least, and by \
                        \(hold.worker) (\(hold.request)) from \(hold.begin.rawValue) on at the latest
                        """
                    findings.append(Finding(.oneHolder, task, text))
                }
                if longest.map({ $0.end < hold.end }) ?? true { longest = hold }
            }
            return findings
        }
    }

    /// Requests of a holder that were refused although the lock certainly lasted until their answer.
    func refusedHolders() -> [Finding] {
        holds.callsByTask.flatMap { task, calls in
            calls.compactMap { call -> Finding? in
                guard call.effect == .none, let answer = call.answer else { return nil }
                let held = holds.byTask[task]?.first {
                    $0.worker == call.request.worker && $0.life == call.request.life
                        && $0.received <= call.request.sent && answer.received <= $0.end
                        && !deletions.mayHaveHit($0.instance, before: answer.received)
                }
                guard let held else { return nil }
                let text = """
                    \(call.request.action.name) (\(call.request.id)) was answered \(answer.status ?? 0) \
                    \(answer.problem ?? "") while \(held.worker) held it (\(held.request))
                    """
                return Finding(.holderIsHeard, task, text)
            }
        }
    }
}
