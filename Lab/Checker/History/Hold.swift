/// A lock that a fetch got, and for how long it was certainly held.
///
/// Everything errs towards *not* held: a hold begins when nobody can doubt it any more, and ends at the first moment
/// from which on it may have been over. So two holds that overlap are a contradiction whatever happened in between.
package struct Hold: Sendable {
    package var task: String
    package var instance: String
    package var topic: String
    package var worker: String
    package var life: String
    /// The fetch.
    package var request: String
    /// When the worker knew of it.
    package var received: LabMoment
    /// When the database decided it: the expiration that was told, less the duration that was asked for.
    package var granted: DatabaseMoment
    /// Before that it was not held; what is carried out from here on may concern it.
    package var grantedAtEarliest: LabMoment
    /// From here on it was certainly held.
    package var begin: LabMoment
    /// Until here it was certainly held; not later than ``begin`` when nothing is certain.
    package var end: LabMoment
    /// When the task is free again at the latest; nil when that cannot be told.
    package var freeAtLatest: LabMoment?
    /// How it ended.
    package var ending: Ending

    /// How a task came to be free.
    package enum Ending: String, Sendable, Hashable, CaseIterable {
        /// Nobody released it.
        case ranOut = "lock ran out"
        case unlocked = "unlocked"
        case failed = "retry time over"
        /// Or nobody can tell.
        case completed
    }

    /// By how much the moment that a claim calls its own may lie before the one at which it sees the rows, in
    /// microseconds: on a busy machine a process can be put aside in between.
    static let claimSlack: Int64 = 500_000
    /// What the server cuts off when it tells an expiration.
    static let toldPrecision: Int64 = 1000
}
