/// What a record shows.
package struct Verdict: Sendable {
    /// What was looked at, so that nobody takes an empty record for a good one.
    package struct Scope: Sendable, Hashable {
        package var calls = 0
        /// Calls whose outcome nobody knows.
        package var doubtful = 0
        package var holds = 0
        /// Acknowledged, by kind of call.
        package var acknowledged: [String: Int] = [:]
        package var instances = 0
        /// How tasks came to be free, and how long they were beside a waiting poll.
        package var waits: [String: WaitingRule.Wait] = [:]
        /// By how much a moment of the database's clock may be wrong on the lab's, in microseconds.
        package var clockUncertainty: Int64 = 0
        package var clockHasJumped = false
        package var faults: [String: Int] = [:]
        /// By kind of call, then by status or, without one, by how it ended.
        package var outcomes: [String: [String: Int]] = [:]
    }

    package var findings: [Finding]
    package var scope: Scope

    package var isGood: Bool { findings.isEmpty }

    /// Judges a record.
    package init(_ history: History) {
        let holds = Holds(history)
        let deletions = Deletions(history)
        let holdRules = HoldRules(history: history, holds: holds, deletions: deletions)
        let handOuts = HandOutRules(history: history, holds: holds, deletions: deletions)
        let effects = EffectRules(history, holds)
        let instances = InstanceRules(history: history, deletions: deletions)
        let waiting = WaitingRule(history: history, holds: holds).judge()
        findings = holdRules.overlaps() + holdRules.refusedHolders()
        findings += handOuts.afterEnd() + handOuts.beforeTime()
        findings += instances.starts() + effects.completions() + effects.reports() + effects.incidents()
        findings += VariableRules(history: history, holds: holds).findings()
        findings += UserTaskRules(history: history).findings() + BatchRules(history: history).findings()
        findings += DeliveryRules(history: history, holds: holds, deletions: deletions).findings()
        findings += AnswerRule(history: history).findings() + FarewellRule(history: history).findings()
        findings += instances.ends() + instances.steps() + waiting.findings
        findings += AgreementRule(history: history).findings()
        scope = Scope()
        scope.calls = history.calls.count
        scope.holds = holds.count
        scope.instances = history.rows.ended.count + history.rows.running.count
        scope.waits = waiting.waits
        scope.clockUncertainty = history.clock.uncertainty
        scope.clockHasJumped = history.clock.hasJumped
        for fault in history.faults { scope.faults[fault.kind, default: 0] += 1 }
        for call in history.calls { scope.count(call) }
    }
}

extension Verdict.Scope {
    fileprivate mutating func count(_ call: Call) {
        let name = call.request.action.name
        switch call.effect {
        case .done: acknowledged[name, default: 0] += 1
        case .unknown: doubtful += 1
        case .none: break
        }
        let outcome = call.answer.map { $0.status.map(String.init) ?? $0.problem ?? "no answer" } ?? "client died"
        outcomes[name, default: [:]][outcome, default: 0] += 1
    }
}
