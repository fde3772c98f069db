import EngineStore
import Synchronization

/// Lets polls that want the same share one claim: those that come while a claim is under way form the next one, so a
/// lone poll waits for nobody and a crowd shares one transaction.
///
/// Polls want the same when they name the same topics, in the same order of tasks, without filters. Each gets its own
/// tasks, the oldest poll the first ones.
final class SharedClaims: Sendable {
    /// Runs one claim for some polls, the oldest first, and answers each.
    typealias Run = @Sendable ([Entry]) async -> Void

    /// A poll on its way into a claim.
    struct Entry: Sendable {
        let id: UInt64
        let arrival = ContinuousClock.now
        let fetch: ExternalTaskFetcher.Fetch
        let waiter: ExternalTaskFetcher.Waiting?
        let answer: CheckedContinuation<[LockedTask], any Error>
    }

    /// The most polls that wait for a claim; more are refused, so that memory stays bounded when the database is slow.
    static let maximumWaiting = 20_000

    /// What polls have in common that may share a claim.
    fileprivate struct Key: Hashable {
        var topics: [String]
        var order: FetchOrder
        /// Set for a poll with filters, which shares with nobody.
        var alone: UInt64?
    }

    fileprivate struct State {
        /// By what they want; a key is there while a claim for it is under way.
        var waiting: [Key: [Entry]] = [:]
        /// Polls in ``waiting``.
        var count = 0
        /// Polls that were taken back before they got in.
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Claims for a poll, together with others if there are any.
    ///
    /// A poll that is cancelled before its claim begins takes no part in it; later the claim is finished, and its tasks
    /// are the caller's to give back.
    /// - Throws: `CancellationError` when it took no part; what `run` answers.
    func claim(
        _ fetch: ExternalTaskFetcher.Fetch,
        as waiter: ExternalTaskFetcher.Waiting?,
        run: @escaping Run
    ) async throws -> [LockedTask] {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let key = Key(topics: fetch.topics, order: fetch.request.order, alone: fetch.request.hasFilter ? id : nil)
        defer { state.withLock { _ = $0.cancelled.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let entry = Entry(id: id, fetch: fetch, waiter: waiter, answer: continuation)
                switch state.withLock({ $0.admit(entry, under: key) }) {
                case .joined: break
                case .full: continuation.resume(throwing: Overload.tooManyCommands)
                case .cancelled: continuation.resume(throwing: CancellationError())
                case .first:
                    // Not the caller's task: it may be cancelled while others wait for the claim. Ends with the last poll.
                    Task { await self.work(off: key, run) }
                }
            }
        } onCancel: {
            state.withLock { $0.takeBack(id, from: key) }?.answer.resume(throwing: CancellationError())
        }
    }

    /// Refuses the polls that came before a moment and have not got into a claim.
    func shed(arrivedBefore moment: ContinuousClock.Instant) {
        for poll in state.withLock({ $0.expire(arrivedBefore: moment) }) {
            poll.answer.resume(throwing: Overload.waitedTooLong)
        }
    }

    /// Polls that wait for a claim to begin.
    var waiting: Int { state.withLock { $0.count } }

    private func work(off key: Key, _ run: Run) async {
        while let polls = state.withLock({ $0.next(for: key) }) { await run(polls) }
    }
}

extension SharedClaims.State {
    enum Admission { case first, joined, full, cancelled }

    mutating func admit(_ entry: SharedClaims.Entry, under key: SharedClaims.Key) -> Admission {
        guard !cancelled.contains(entry.id) else { return .cancelled }
        guard waiting[key] == nil else {
            guard count < SharedClaims.maximumWaiting else { return .full }
            count += 1
            waiting[key]?.append(entry)
            return .joined
        }
        count += 1
        waiting[key] = [entry]
        return .first
    }

    /// The poll, if it has not got into a claim; one that has not even asked yet is remembered.
    mutating func takeBack(_ id: UInt64, from key: SharedClaims.Key) -> SharedClaims.Entry? {
        if let place = waiting[key]?.firstIndex(where: { $0.id == id }) {
            count -= 1
            return waiting[key]?.remove(at: place)
        }
        cancelled.insert(id)
        return nil
    }

    mutating func expire(arrivedBefore moment: ContinuousClock.Instant) -> [SharedClaims.Entry] {
        var late: [SharedClaims.Entry] = []
        for (key, polls) in waiting {
            let count = polls.prefix { $0.arrival < moment }.count
            guard count > 0 else { continue }
            late += polls.prefix(count)
            waiting[key]?.removeFirst(count)
            self.count -= count
        }
        return late
    }

    /// The oldest polls that fit into one claim; nil when there are none, and none is under way any more.
    mutating func next(for key: SharedClaims.Key) -> [SharedClaims.Entry]? {
        guard let polls = waiting[key], let first = polls.first else {
            waiting[key] = nil
            return nil
        }
        var room = Claim.maximumTasks - first.fetch.request.limit
        let others = polls.dropFirst().prefix { poll in
            room -= poll.fetch.request.limit
            return room >= 0
        }
        waiting[key]?.removeFirst(1 + others.count)
        count -= 1 + others.count
        return [first] + others
    }
}
