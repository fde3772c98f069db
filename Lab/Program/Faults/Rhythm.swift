import LabChecker

/// Storm and calm, which follow each other from the opening of the lab on, for everybody at once.
///
/// In calm nothing is broken, so that what must happen then can be judged.
struct Rhythm: Sendable {
    /// When the first storm begins.
    var opening: LabMoment

    /// Both in seconds.
    static let storm: Int64 = 26
    static let calm: Int64 = 16

    /// How long the calm lasts from `moment` on, in seconds; nil in a storm.
    func calmLeft(at moment: LabMoment = .now) -> Int64? {
        let second = (moment - opening) / 1_000_000 % (Self.storm + Self.calm)
        return second < Self.storm ? nil : Self.storm + Self.calm - second
    }
}
