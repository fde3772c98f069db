import Foundation

/// How many random cases are run, and which: by default the same few each time; more and others when the environment
/// says so.
///
/// - `BATON_RANDOM_SECONDS`: Go on for so long.
/// - `BATON_RANDOM_SEED`: The first case; each next one has the next number.
package struct RandomSettings: Sendable {
    private let first: UInt64
    private let count: Int?
    private let deadline: ContinuousClock.Instant?
    /// How many run side by side.
    package let shards: Int
    private let isVerbose: Bool

    package init(usualCount: Int, shards: Int = ProcessInfo.processInfo.activeProcessorCount) {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["BATON_RANDOM_SECONDS"].flatMap(Int.init)
        let seed = environment["BATON_RANDOM_SEED"].flatMap(UInt64.init)
        first = seed ?? 1
        count = seconds == nil ? usualCount : nil
        deadline = seconds.map { .now + .seconds($0) }
        self.shards = shards
        isVerbose = seconds != nil || seed != nil
    }

    /// The seeds of the cases of one shard, one by one until it is enough; those that are not wanted do not count.
    package func seeds(
        of shard: Int,
        where isWanted: @escaping (UInt64) -> Bool = { _ in true }
    ) -> some Sequence<UInt64> {
        let share = count.map { ($0 - shard + shards - 1) / shards } ?? .max
        return sequence(first: UInt64(shard)) { $0 + UInt64(shards) }.lazy
            .prefix { _ in deadline.map { $0 > .now } ?? true }
            .map { first &+ $0 }
            .filter(isWanted)
            .prefix(share)
    }

    /// Says how much was run, when somebody asked for more than usual.
    package func report(_ results: [RandomCase.Statistics]) {
        guard isVerbose else { return }
        var total = RandomCase.Statistics()
        for result in results {
            total.commands += result.commands
            total.rejections += result.rejections
            total.ends.merge(result.ends, uniquingKeysWith: +)
        }
        print(
            "random processes: \(results.count) from seed \(first), \(total.commands) commands, "
                + "\(total.rejections) rejected, \(total.ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })"
        )
    }
}
