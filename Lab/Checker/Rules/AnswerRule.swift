/// Every call is answered in bounded time, whatever is broken; in calm soon.
///
/// A call that was never answered because its client, its node or its connection died says nothing.
struct AnswerRule {
    let history: History

    func findings() -> [Finding] {
        let calm = Calm(history.faults)
        return history.calls.compactMap { call in
            guard let answer = call.answer, !call.request.isSlow else { return nil }
            var time = answer.received - call.request.sent
            if case .fetch(_, _, let wait) = call.request.action { time -= wait * 1000 }
            let isCalm = time > history.run.longestCalmAnswer && calm.contains(call.request.sent...answer.received)
            guard isCalm || time > history.run.longestAnswer else { return nil }
            let how = answer.status.map { "answered \($0)" } ?? answer.problem ?? "not answered"
            let text = "\(call.request.action.name) by node \(call.request.node): \(how) after \(time / 1000) ms"
            return Finding(.answersInTime, call.request.id, text + (isCalm ? " in calm" : ""))
        }
    }
}
