import Postgres

/// Where this node's claims may begin: a value without a clock.
///
/// While somebody holds a transaction open, the entries of claimed tasks stay in the index, and a claim that starts at
/// the beginning walks over all of them. When such claims have become slow, those that follow begin a little before
/// where the last one found something. That is only a hint, because tasks appear before it (a late commit, an unlock, a
/// lock that ran out): now and then, and when a claim comes back short, one starts from the beginning again.
package struct ClaimBounds: Sendable {
    /// From this on a claim from the beginning counts as slow.
    static let slow = Duration.milliseconds(5)
    /// How many slow ones in a row it takes.
    static let slowInARow = 3
    /// How far before the last finds a claim begins.
    static let slackMicroseconds: Int64 = 100_000
    /// The longest time without a claim from the beginning, unless those take long.
    static let fullInterval = Duration.seconds(1)
    /// Claims from the beginning that take long take at most one part in this many of the time.
    static let fullShare = 20
    /// From this on a claim from the beginning takes long: short claims do without.
    static let long = Duration.milliseconds(50)
    /// The most priorities of a topic that are remembered.
    static let maximumPriorities = 16
    /// The most topics that are remembered.
    static let maximumTopics = 10_000

    /// Claims of different orders find different things.
    struct Key: Sendable, Hashable {
        var topic: String
        var usesPriority: Bool
    }

    fileprivate struct Entry: Sendable {
        var slowInARow = 0
        var lastFull = Duration.zero
        var fullCost = Duration.zero
        /// By priority, or at 0 when the order knows none: where the last claim found something.
        var found: [Int64: PostgresTimestamp] = [:]
    }

    private var entries: [Key: Entry] = [:]

    package init() {}

    /// Where a claim begins.
    package struct Plan: Sendable {
        /// By topic and priority.
        ///
        /// A topic that is missing begins at the beginning; empty when the claim is a plain one.
        var from: [String: [Int64: PostgresTimestamp]] = [:]
        /// Whether a claim that comes back short may start again from the beginning.
        var mayStartAgain = true

        package init() {}
    }

    /// Where a claim at `now`, a duration since the node's start, begins.
    package func plan(for request: FetchRequest, now: Duration) -> Plan {
        var plan = Plan()
        guard !request.hasFilter, !request.order.isNewestFirst else { return plan }
        for topic in request.topics {
            guard let entry = entries[Key(topic: topic.topic, usesPriority: request.order.usePriority)],
                entry.slowInARow >= Self.slowInARow, !entry.found.isEmpty
            else { continue }
            let pause = entry.fullCost < Self.long ? .zero : entry.fullCost * Self.fullShare
            guard now < entry.lastFull + max(Self.fullInterval, pause) else { return Plan() }
            if now < entry.lastFull + pause { plan.mayStartAgain = false }
            plan.from[topic.topic] = entry.found.mapValues {
                PostgresTimestamp(microseconds: $0.microseconds - Self.slackMicroseconds)
            }
        }
        return plan
    }

    /// A claim was committed.
    ///
    /// - Parameters:
    ///   - request: What was wanted.
    ///   - full: How long the claim from the beginning took, if there was one.
    ///   - found: What it found, in order.
    ///   - now: A duration since the node's start.
    package mutating func claimed(_ request: FetchRequest, full: Duration?, found: [Found], now: Duration) {
        guard !request.hasFilter, !request.order.isNewestFirst else { return }
        if entries.count + request.topics.count > Self.maximumTopics { entries = [:] }
        let usesPriority = request.order.usePriority
        if let full {
            for topic in request.topics {
                let key = Key(topic: topic.topic, usesPriority: usesPriority)
                entries[key, default: Entry()].fullFinished(after: full, now: now)
            }
        }
        // Only the first of each topic and priority: what lies behind it may have been taken from under this claim.
        for found in found.reversed() {
            let key = Key(topic: found.topic, usesPriority: usesPriority)
            guard var entry = entries[key], entry.slowInARow > 0 else { continue }
            entry.found[usesPriority ? found.priority : 0] = found.createTime
            if entry.found.count > Self.maximumPriorities { entry.found = [:] }
            entries[key] = entry
        }
    }

    /// A task that was found, in the order of the claim.
    package struct Found: Sendable {
        var topic: String
        var priority: Int64
        var createTime: PostgresTimestamp
    }
}

extension ClaimBounds.Entry {
    fileprivate mutating func fullFinished(after cost: Duration, now: Duration) {
        slowInARow = cost < ClaimBounds.slow ? 0 : slowInARow + 1
        if slowInARow == 0 { found = [:] }
        lastFull = now
        fullCost = cost
    }
}
