import LabChecker

/// Prints what a record shows.
struct Summary {
    let verdict: Verdict
    let run: Run

    /// Findings of a rule beyond this many are counted only.
    private static let mostFindings = 20

    func tell(_ say: (String) -> Void) {
        let scope = verdict.scope
        say("")
        say(
            "\(run.seconds) s, seed \(run.seed): \(scope.instances) instances, \(scope.calls) requests, "
                + "\(scope.doubtful) of unknown outcome, \(scope.holds) locks"
        )
        say("the same choices again: \(run.command)")
        for reason in run.left { say("left out: \(reason)") }
        if !scope.faults.isEmpty {
            let faults = scope.faults.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            say("faults: " + faults.joined(separator: ", "))
        }
        let clock = scope.clockHasJumped ? " (one of them was set meanwhile)" : ""
        say("database's clock against the lab's: known to \(milliseconds(scope.clockUncertainty))\(clock)")
        say("")
        say(
            "free tasks, and the longest that one of them was to be seen beside a waiting poll in calm (allowed: "
                + "\(milliseconds(run.longestWait)))"
        )
        for (why, wait) in scope.waits.sorted(by: { $0.key < $1.key }) {
            let task = wait.task.isEmpty ? "" : "  \(wait.task)"
            say("\(why.padded(to: 18)) \(String(wait.count).padded(to: 8)) \(milliseconds(wait.longest))\(task)")
        }
        say("")
        for (action, outcomes) in scope.outcomes.sorted(by: { $0.key < $1.key }) {
            let texts = outcomes.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            say("\(action.padded(to: 14)) \(texts.joined(separator: ", "))")
        }
        say("")
        for rule in Finding.Rule.allCases {
            let findings = verdict.findings.filter { $0.rule == rule }
            say("\(findings.isEmpty ? "holds " : "BROKEN")  \(rule.rawValue)")
            for finding in findings.prefix(Self.mostFindings) { say("          \(finding)") }
            if findings.count > Self.mostFindings { say("          … \(findings.count) in all") }
        }
        say("")
        say(verdict.isGood ? "Nothing that was promised was broken." : "BROKEN: \(verdict.findings.count) findings.")
    }

    private func milliseconds(_ microseconds: Int64) -> String { "\((microseconds + 500) / 1000) ms" }
}
