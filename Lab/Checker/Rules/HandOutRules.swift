/// What holds for handing tasks out: not again when they are over, not before their time, and in turn.
struct HandOutRules {
    let history: History
    let holds: Holds
    let deletions: Deletions

    /// Tasks that were locked for somebody after an acknowledged call had ended them.
    func afterEnd() -> [Finding] {
        var findings: [Finding] = []
        for (task, holds) in holds.byTask {
            for hold in holds {
                let ending = ends(task, hold.instance).first { history.clock.earliest(hold.granted) > $0.moment }
                guard let ending else { continue }
                let text = "handed out to \(hold.worker) (\(hold.request)) after \(ending.request) had ended it"
                findings.append(Finding(.overIsOver, task, text))
            }
        }
        return findings
    }

    private func ends(_ task: String, _ instance: String) -> [(request: String, moment: LabMoment)] {
        let calls = (holds.callsByTask[task] ?? []).filter { call in
            switch call.request.action {
            case .complete, .throwError: call.effect == .done
            default: false
            }
        }
        return (calls + deletions.acknowledged(instance)).compactMap { call in
            call.answer.map { (call.request.id, $0.received) }
        }
    }

    /// Tasks that were locked for somebody before the time was over that an acknowledged failure asked for.
    func beforeTime() -> [Finding] {
        holds.callsByTask.flatMap { task, calls in
            calls.flatMap { call -> [Finding] in
                guard case .fail(_, let milliseconds, _) = call.request.action, call.effect == .done,
                    let answered = call.answer?.received, !isDisturbed(call, calls)
                else { return [] }
                let end = call.request.sent + milliseconds * 1000
                return (holds.byTask[task] ?? []).compactMap { hold in
                    guard history.clock.earliest(hold.granted) > answered,
                        history.clock.latest(hold.granted + Hold.toldPrecision) < end
                    else { return nil }
                    let text = """
                        \(call.request.id) asked for a pause of \(milliseconds) ms, but \(hold.worker) got it \
                        (\(hold.request)) before that
                        """
                    return Finding(.pausesAreKept, task, text)
                }
            }
        }
    }

    /// Whether another call may have changed the pause.
    private func isDisturbed(_ failure: Call, _ calls: [Call]) -> Bool {
        calls.contains { call in
            guard call.request.id != failure.request.id, call.canHappen(after: failure.request.sent) else {
                return false
            }
            switch call.request.action {
            case .unlock, .extendLock, .fail: return true
            default: return false
            }
        }
    }
}
