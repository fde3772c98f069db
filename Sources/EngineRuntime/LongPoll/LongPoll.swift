package import EngineStore
import Measures
package import Logging
import ServiceLifecycle
import Synchronization

/// Polls of this node that wait for work: parked without a connection, a query or a timer of their own.
///
/// ``WaiterList`` decides under the lock who is woken; here its decisions are acted on outside of it. ``run()`` must be
/// running: it keeps the deadlines, the moments at which locks run out, and the safety check.
package final class LongPoll: Service {
    /// Asks the database about topics that polls wait for.
    package typealias Check = @Sendable ([String]) async throws -> [TopicState]
    /// Tells the other nodes of work, and all nodes of polls.
    package typealias Announce = @Sendable (News) -> Void

    /// How a wait ended.
    package enum Wake: Sendable, Hashable {
        /// Look for work again.
        case fetch
        /// Answer with no tasks.
        case ended
        /// A newer poll of the same worker has taken its place.
        case superseded
        /// The poll was taken back.
        case cancelled
    }

    /// Is told how a wait ended; must not wait itself.
    package typealias OnWake = @Sendable (Wake) -> Void

    fileprivate struct State {
        var list: WaiterList
        var parked: [WaiterID: OnWake] = [:]
        /// When polls that look for work again were told to.
        var woken: [WaiterID: Duration] = [:]
        /// Until when ``LongPoll/run()`` sleeps; nil while it does not, or has no end in sight.
        var sleepsUntil: Duration?
        var isSleeping = false
        var isStopped = false
    }

    fileprivate let state: Mutex<State>
    let memory = ClaimMemory()
    private let alarm = Alarm()
    private let start = ContinuousClock.now
    private let check: Check
    private let announce: Announce
    private let measures: EngineMeasures
    private let logger: Logger

    package init(
        limits: WaiterList.Limits = WaiterList.Limits(),
        check: @escaping Check,
        announce: @escaping Announce,
        measures: EngineMeasures = EngineMeasures(),
        logger: Logger
    ) {
        state = Mutex(State(list: WaiterList(limits: limits, seed: .random(in: .min ... .max))))
        self.check = check
        self.announce = announce
        self.measures = measures
        self.logger = logger
    }

    /// The time since this began, which all its moments count from.
    package var now: Duration { ContinuousClock.now - start }
    /// Polls that wait or fetch.
    package var count: Int { state.withLock { $0.list.count } }
    /// Polls that wait.
    package var parkedCount: Int { state.withLock { $0.list.parked } }
    /// The same by topic; a poll that names several counts in each.
    var parkedByTopic: [String: Int] { state.withLock { $0.list.parkedByTopic } }

    /// Keeps time until the task is cancelled or the service is shut down, which ends every parked poll at once.
    package func run() async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled && !state.withLock({ $0.isStopped }) {
                    for topics in passTime() {
                        group.addTask { await self.perform(checkOf: topics) }
                    }
                    let moment = state.withLock { state -> Duration? in
                        state.sleepsUntil = state.list.nextMoment
                        state.isSleeping = true
                        return state.sleepsUntil
                    }
                    await alarm.wait(until: moment.map { start + $0 })
                }
            }
        } onGracefulShutdown: {
            self.drain()
            self.state.withLock { $0.isStopped = true }
            self.alarm.ring()
        }
    }

    /// Answers every parked poll with no tasks, so that its client goes to another node; none is parked any more.
    ///
    /// To be called as soon as the node is told to stop, before anything waits for open requests.
    package func drain() { change { list, _ in list.drain() } }
}

// MARK: - What appears

extension LongPoll {
    /// A commit of this node made tasks claimable, or told when some will be: wakes polls here and tells other nodes.
    package func workAppeared(_ work: [TopicWork]) {
        guard !work.isEmpty else { return }
        heard(work)
        announce(.work(work))
    }

    /// Another node told of tasks: wakes polls here.
    package func heard(_ work: [TopicWork]) {
        change { list, now in
            work.flatMap { work -> [WaiterList.Action] in
                guard let milliseconds = work.inMilliseconds, milliseconds > 0 else {
                    return list.workAppeared(work.topic, count: work.count, now: now)
                }
                list.workWillAppear(work.topic, at: now + .milliseconds(min(milliseconds, Self.longestNotice)))
                return []
            }
        }
    }

    /// All nodes, this one included, were told of a poll that waits for its worker.
    package func heard(_ poll: WorkerPoll, isOwn: Bool) {
        change { list, _ in list.heard(poll, isOwn: isOwn) }
    }

    /// Announcements may have been missed: asks the database at once, and tells again of what nobody may have heard.
    package func wakeUpsMayBeLost() {
        change { list, now in
            list.wakeUpsMayBeLost(now: now)
            return list.unheard()
        }
    }

    /// Moments further away than this are learned from the safety check in good time.
    private static let longestNotice: Int64 = 1_000_000_000_000
}

// MARK: - A poll's life

extension LongPoll {
    /// Takes in a poll that is about to fetch for the first time.
    func arrive(_ request: FetchRequest, topics: [String], deadline: Duration) -> WaiterList.Arrival {
        state.withLock {
            $0.list.arrive(worker: request.worker, topics: topics, isFiltered: request.hasFilter, deadline: deadline)
        }
    }

    /// Topics whose next claimable moment the poll's fetch should ask for.
    func topicsToLearn(for id: WaiterID) -> [String] { state.withLock { $0.list.topicsToLearn(for: id) } }

    /// Which next claimable moments a fetch learned, in milliseconds from now; topics without one hold no tasks.
    func learned(_ topics: [String], next: [String: Int64]) {
        guard !topics.isEmpty else { return }
        change { list, now in
            for topic in topics {
                list.learned(topic, next: next[topic].map { now + .milliseconds($0) }, now: now)
            }
            return []
        }
    }

    /// The poll's fetch found nothing: it waits, and `onWake` is called once, when there may be something, the poll ends
    /// or is taken back.
    ///
    /// After the last two the poll is no longer here. A poll that waits costs a place in a list and what `onWake` holds.
    func foundNothing(_ id: WaiterID, onWake: @escaping OnWake) {
        state.withLock { _ = $0.woken.removeValue(forKey: id) }
        var isGone = false
        change { list, now in
            isGone = !list.contains(id)
            return isGone ? [] : list.foundNothing(id, now: now)
        } parking: { parked in
            if !isGone { parked[id] = onWake }
        }
        if isGone { onWake(.cancelled) }
    }

    /// Takes a poll back, whether it waits or not.
    func cancel(_ id: WaiterID) {
        let onWake = state.withLock { state in
            state.woken[id] = nil
            return state.parked.removeValue(forKey: id)
        }
        change { list, _ in list.gone(id) }
        onWake?(.cancelled)
    }

    /// The poll's fetch found work, which ends it; `isFull` when it took all that it may.
    func foundWork(_ id: WaiterID, topic: String? = nil, isFull: Bool) {
        let woken = state.withLock { $0.woken.removeValue(forKey: id) }
        if let woken, let topic { measures.wokenPollFound(topic, after: now - woken) }
        change { list, _ in list.foundWork(id, isFull: isFull) }
    }

    /// The poll ends without an answer.
    func gone(_ id: WaiterID) {
        state.withLock { _ = $0.woken.removeValue(forKey: id) }
        change { list, _ in list.gone(id) }
    }
}

// MARK: - Acting

extension LongPoll {
    /// Changes the list under the lock and resumes outside of it whom that concerns.
    private func change(
        _ body: (inout WaiterList, Duration) -> [WaiterList.Action],
        parking: (inout [WaiterID: OnWake]) -> Void = { _ in }
    ) {
        let (resumptions, polls, rings) = state.withLock { state in
            let now = now
            let actions = body(&state.list, now)
            parking(&state.parked)
            let resumptions = state.takeResumptions(for: actions, now: now)
            return (resumptions, actions.compactMap(\.announced), state.mustRing())
        }
        measures.pollsWoken.add(resumptions.count { $0.1 == .fetch })
        for (onWake, wake) in resumptions { onWake(wake) }
        if !polls.isEmpty { announce(.polls(polls)) }
        if rings { alarm.ring() }
    }

    /// Does what has fallen due; returns the topics of the checks that are due.
    private func passTime() -> [[String]] {
        var checks: [[String]] = []
        change { list, now in
            let actions = list.timePassed(now: now)
            for case .check(let topics) in actions { checks.append(topics) }
            return actions
        }
        return checks
    }

    private func perform(checkOf topics: [String]) async {
        do {
            let states = try await check(topics)
            change { list, now in
                let actions = list.checkFinished(states, now: now)
                measures.pollsWokenByCheck.add(actions.count { if case .fetch = $0 { true } else { false } })
                return actions
            }
        } catch {
            logger.warning("Safety check of waiting polls failed", metadata: ["error": "\(error)"])
            change { list, now in list.checkFinished(nil, now: now) }
        }
    }
}

extension LongPoll.State {
    /// Whether the sleeper must be woken because something falls due before its sleep ends; only once.
    fileprivate mutating func mustRing() -> Bool {
        guard isSleeping, let next = list.nextMoment else { return false }
        if let sleepsUntil, sleepsUntil <= next { return false }
        isSleeping = false
        return true
    }

    fileprivate mutating func takeResumptions(
        for actions: [WaiterList.Action],
        now: Duration
    ) -> [(LongPoll.OnWake, LongPoll.Wake)] {
        actions.compactMap { action in
            switch action {
            case .fetch(let id):
                parked.removeValue(forKey: id).map { onWake in
                    // Nothing but its time has woken a poll that looks for the last time.
                    if !list.isLastLook(id) { woken[id] = now }
                    return (onWake, .fetch)
                }
            case .answerEmpty(let id): parked.removeValue(forKey: id).map { ($0, .ended) }
            case .supersede(let id): parked.removeValue(forKey: id).map { ($0, .superseded) }
            case .check, .announce: nil
            }
        }
    }
}

extension WaiterList.Action {
    fileprivate var announced: WorkerPoll? {
        if case .announce(let poll) = self { poll } else { nil }
    }
}
