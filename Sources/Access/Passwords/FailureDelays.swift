/// Who gave wrong passwords, and until when nothing is tried for them; a value that is told the time.
///
/// After the n-th failure in a row a user is locked out for 3·2^(n−1) seconds, at most 60.
struct FailureDelays: Sendable {
    private struct Entry: Sendable {
        var failures: Int
        var until: Duration
    }

    /// How many users are remembered; of more, those whose delay ends first are forgotten.
    static let maximumUsers = 10_000
    static let first = Duration.seconds(3)
    static let longest = Duration.seconds(60)

    private var entries: [String: Entry] = [:]

    /// How many users are remembered now.
    var count: Int { entries.count }

    /// Whether a user is locked out at a moment.
    func isDelayed(_ user: String, at moment: Duration) -> Bool {
        guard !entries.isEmpty, let entry = entries[user] else { return false }
        return moment < entry.until
    }

    /// A wrong password was given.
    mutating func failed(_ user: String, at moment: Duration) {
        let failures = (entries[user]?.failures ?? 0) + 1
        if entries[user] == nil, entries.count >= Self.maximumUsers,
            let oldest = entries.min(by: { $0.value.until < $1.value.until })
        {
            entries[oldest.key] = nil
        }
        entries[user] = Entry(failures: failures, until: moment + Self.delay(afterFailures: failures))
    }

    /// The right password was given.
    mutating func succeeded(_ user: String) { entries[user] = nil }

    /// How long nothing is tried after so many failures in a row, at least 1.
    static func delay(afterFailures failures: Int) -> Duration {
        // 3·2⁵ is more than a minute already.
        min(first * (1 << min(failures - 1, 5)), longest)
    }
}
