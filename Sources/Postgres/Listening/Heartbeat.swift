/// When a listener tells itself something, and when it has waited too long to hear it.
struct Heartbeat: Sendable {
    /// What to do next.
    enum Action: Equatable {
        case wait
        case send(String)
        case lost
    }

    let interval: Duration
    private var count = 0
    /// The one that is to come back; nil when the last one has.
    private var outstanding: String?
    /// When the next one is due, or the outstanding one is late.
    private(set) var nextMoment: ContinuousClock.Instant
    /// Tells ours from those of other listeners.
    private let name = UInt64.random(in: .min ... .max)

    init(interval: Duration, now: ContinuousClock.Instant) {
        self.interval = interval
        nextMoment = now.advanced(by: interval)
    }

    mutating func beat(heard payloads: [String], now: ContinuousClock.Instant) -> Action {
        if let waited = outstanding, payloads.contains(waited) { outstanding = nil }
        guard now >= nextMoment else { return .wait }
        guard outstanding == nil else { return .lost }
        count += 1
        let payload = "\(Listener.heartbeatPrefix)\(String(name, radix: 36)) \(count)"
        outstanding = payload
        nextMoment = now.advanced(by: interval)
        return .send(payload)
    }
}
