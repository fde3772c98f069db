/// What was said of deleting instances.
struct Deletions {
    /// When an acknowledged deletion had been carried out, by instance.
    private let done: [String: [Call]]
    /// When one that may have been carried out was sent first.
    private let possible: [String: LabMoment]

    init(_ history: History) {
        var done: [String: [Call]] = [:]
        var possible: [String: LabMoment] = [:]
        for call in history.calls where call.mayHaveHappened {
            guard case .delete(let instance) = call.request.action else { continue }
            if call.effect == .done { done[instance, default: []].append(call) }
            possible[instance] = possible[instance].map { min($0, call.request.sent) } ?? call.request.sent
        }
        self.done = done
        self.possible = possible
    }

    func acknowledged(_ instance: String) -> [Call] { done[instance] ?? [] }

    /// Whether an instance may have been deleted at some time.
    func mayHaveHit(_ instance: String) -> Bool { possible[instance] != nil }

    /// Whether an instance may have been deleted before `moment`.
    func mayHaveHit(_ instance: String, before moment: LabMoment) -> Bool {
        possible[instance].map { $0 < moment } ?? false
    }

    /// The moment from which on an instance was certainly deleted; nil when it never was.
    func certain(_ instance: String) -> LabMoment? { done[instance]?.compactMap { $0.answer?.received }.min() }
}
