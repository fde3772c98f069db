/// A node that is asked to end breaks no request: what it took, it answers.
///
/// Judged are requests to a node that is being asked to end while nothing else is broken or was a moment ago.
struct FarewellRule {
    let history: History

    func findings() -> [Finding] {
        let stops = history.faults.filter { history.run.orderlyStops.contains($0.kind) }
        let others = history.faults.filter { !history.run.orderlyStops.contains($0.kind) }
        return history.calls.compactMap { call in
            guard let answer = call.answer, let problem = answer.problem, answer.status == nil, !call.request.isSlow,
                Self.broken.contains(problem)
            else { return nil }
            let time = call.request.sent...answer.received
            let isStopped = stops.contains {
                Self.overlap($0, time, after: 0) && ["node \(call.request.node)", Self.everybody].contains($0.target)
            }
            guard isStopped, !others.contains(where: { Self.overlap($0, time, after: Calm.recovery) }) else {
                return nil
            }
            let text = "\(call.request.action.name) to node \(call.request.node), which was asked to end: \(problem)"
            return Finding(.farewellsAreKind, call.request.id, text)
        }
    }

    /// How requests end that a node breaks.
    private static let broken = ["closed", "reset"]
    /// The target of faults that concern all nodes.
    private static let everybody = "all nodes"

    private static func overlap(_ fault: History.Fault, _ time: ClosedRange<LabMoment>, after: Int64) -> Bool {
        guard fault.begin <= time.upperBound else { return false }
        return fault.end.map { $0 + after >= time.lowerBound } ?? true
    }
}
