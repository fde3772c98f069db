package import Postgres

/// When this node looks for locks that have run out, and from where: a value without a clock.
///
/// A sweep in front of every claim would walk again and again over entries of tasks that are long gone, whenever
/// somebody holds a transaction open. So a topic is swept at most every ``interval`` (and once more when a claim came
/// back short), and only locks that ran out since the last sweep are looked at. Now and then a sweep starts from the
/// beginning: it finds what a late commit or a lock held by another left behind.
package struct SweepSchedule: Sendable {
    /// The shortest time between two sweeps of a topic in front of claims that find enough.
    package static let interval = Duration.milliseconds(20)
    /// How far behind the last sweep the next one starts.
    static let slackMicroseconds: Int64 = 250_000
    /// The shortest time between two sweeps from the beginning.
    static let fullInterval = Duration.seconds(2)
    /// Sweeps from the beginning take at most one part in this many of the time.
    static let fullShare = 20
    /// The most topics that are remembered.
    static let maximumTopics = 10_000

    private var topics: [String: Topic] = [:]

    private struct Topic: Sendable {
        var swept: Duration
        var bound: PostgresTimestamp
        var nextFull: Duration
    }

    /// Topics to sweep, each with the moment after which locks ran out.
    package struct Plan: Sendable {
        package var topics: [String] = []
        package var after: [PostgresTimestamp] = []
        var full: Set<String> = []
    }

    package init() {}

    /// What to sweep in front of a claim at `now`, a duration since the node's start.
    package func due(_ names: [String], now: Duration) -> Plan {
        plan(names.filter { name in topics[name].map { now - $0.swept >= Self.interval } ?? true }, now: now)
    }

    /// How to sweep these topics whether due or not.
    package func plan(_ names: [String], now: Duration) -> Plan {
        names.reduce(into: Plan()) { plan, name in
            plan.topics.append(name)
            if let topic = topics[name], now < topic.nextFull {
                plan.after.append(PostgresTimestamp(microseconds: topic.bound.microseconds - Self.slackMicroseconds))
            } else {
                plan.after.append(PostgresTimestamp(microseconds: .min))
                plan.full.insert(name)
            }
        }
    }

    /// A sweep was committed.
    ///
    /// - Parameters:
    ///   - plan: What was swept.
    ///   - moment: The database's clock before the sweep.
    ///   - unfinished: Topics with more expired locks than one sweep takes.
    ///   - elapsed: How long the claim with the sweep took.
    ///   - now: A duration since the node's start.
    package mutating func swept(
        _ plan: Plan,
        at moment: PostgresTimestamp,
        unfinished: Set<String>,
        elapsed: Duration,
        now: Duration
    ) {
        if topics.count + plan.topics.count > Self.maximumTopics { topics = [:] }
        for name in plan.topics where !unfinished.contains(name) {
            let known = topics[name]
            let nextFull: Duration? =
                plan.full.contains(name) ? now + max(Self.fullInterval, elapsed * Self.fullShare) : known?.nextFull
            guard let nextFull else { continue }
            topics[name] = Topic(swept: now, bound: max(moment, known?.bound ?? moment), nextFull: nextFull)
        }
    }
}
