package import Measures
import Synchronization

/// How long round trips to the database take, by name.
package final class RoundTripTimes: Sendable {
    /// The most names that are told apart; all others together are one.
    package static let limit = 500

    /// The round trips of one name.
    package final class Entry: Sendable {
        /// What they are for.
        package let name: String
        package let times = Histogram(.seconds)
        package let errors = EventCounter()

        init(_ name: String) { self.name = name }
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let others = Entry("_other")

    package init() {}

    /// All names that were used, sorted.
    package var all: [Entry] {
        let known = entries.withLock { Array($0.values) }.sorted { $0.name < $1.name }
        return others.times.snapshot.count > 0 ? known + [others] : known
    }

    /// Where round trips of this name are noted.
    func entry(_ name: String) -> Entry {
        entries.withLock { entries in
            if let known = entries[name] { return known }
            guard entries.count < Self.limit else { return others }
            let new = Entry(name)
            entries[name] = new
            return new
        }
    }
}

/// What one connection remembers of ``RoundTripTimes``, so that noting a round trip takes no lock.
struct RoundTripClock {
    let times: RoundTripTimes
    private var named: [String: RoundTripTimes.Entry] = [:]
    private var unnamed: [PreparedStatement: RoundTripTimes.Entry] = [:]

    init(_ times: RoundTripTimes) { self.times = times }

    /// A round trip of this pipeline has ended.
    mutating func note(_ pipeline: Pipeline, _ elapsed: Duration, hasFailed: Bool) {
        guard let entry = entry(of: pipeline) else { return }
        entry.times.observe(elapsed)
        if hasFailed { entry.errors.add() }
    }

    private mutating func entry(of pipeline: Pipeline) -> RoundTripTimes.Entry? {
        if let name = pipeline.name { return entry(name) }
        guard let last = pipeline.entries.last(where: { $0.role == .other }) ?? pipeline.entries.last else {
            return nil
        }
        guard let statement = last.command.prepared else { return entry(last.command.name) }
        if let known = unnamed[statement] { return known }
        let new = times.entry(last.command.name)
        unnamed[statement] = new
        return new
    }

    private mutating func entry(_ name: String) -> RoundTripTimes.Entry {
        if let known = named[name] { return known }
        let new = times.entry(name)
        named[name] = new
        return new
    }
}
