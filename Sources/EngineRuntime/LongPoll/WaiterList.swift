package import EngineCore
package import EngineStore

/// The polls that wait on this node, and who is woken by what: a value without continuations, clocks or tasks.
///
/// A poll arrives fetching, parks when it found nothing, and fetches again when it is woken; because it is known here
/// before its first fetch, work that appears during a fetch is never missed. Moments are durations since the node's
/// start. Methods return what has to be done, in order.
package struct WaiterList: Sendable {
    /// What bounds and paces the list.
    package struct Limits: Sendable {
        /// The most polls that may wait at once.
        package var waiters = 20_000
        /// The shortest time between two wake-ups of a topic's filtered polls.
        package var filteredInterval = Duration.milliseconds(10)
        /// The middle of the time between two safety checks; each differs by up to a fifth.
        package var checkInterval = Duration.seconds(2)
        /// Safety checks take at most one part in this many of the time.
        package var checkShare = 5
        /// How soon to look again for a task whose lock has run out but which cannot be had yet.
        package var shortestPause = Duration.milliseconds(10)
        /// How many polls may hand on a wake-up that found nothing.
        package var passes = 1
        /// Whether a worker may have only one poll that waits: a newer one takes the place of the older, on any node.
        package var onePerWorker = false

        package init() {}
    }

    /// What has to be done.
    package enum Action: Sendable, Hashable {
        /// Resume the poll: it looks for work again.
        case fetch(WaiterID)
        /// Answer the poll with no tasks; it is no longer here.
        case answerEmpty(WaiterID)
        /// Tell the poll that a newer one of its worker has taken its place; it is no longer here.
        case supersede(WaiterID)
        /// Tell all nodes, this one included, that the poll waits for its worker.
        case announce(WorkerPoll)
        /// Ask the database about these topics and report with ``WaiterList/checkFinished(_:now:)``.
        case check([String])
    }

    /// What becomes of a poll that arrives.
    package enum Arrival: Sendable, Hashable {
        case fetching(WaiterID)
        /// It may not wait: there are too many.
        case full
        /// It may not wait: the node is stopping.
        case draining
    }

    private let limits: Limits
    private var waiters: [WaiterID: Waiter] = [:]
    private var topics: [String: WaitedTopic] = [:]
    /// Empty unless a worker may have only one poll that waits.
    private var places = WorkerPlaces()
    private var moments = MomentHeap()
    private var lastID: UInt64 = 0
    private var parkedCount = 0
    private var isDraining = false

    private var checkDue: Duration?
    private var checkStarted = Duration.zero
    private var isChecking = false
    private var isInDoubt = false
    private var jitter: UInt64

    /// A list without polls.
    ///
    /// - Parameters:
    ///   - limits: What bounds and paces it.
    ///   - seed: Spreads the safety checks of several nodes.
    package init(limits: Limits = Limits(), seed: UInt64) {
        self.limits = limits
        jitter = seed
    }

    package var count: Int { waiters.count }
    package func contains(_ id: WaiterID) -> Bool { waiters[id] != nil }
    package var parked: Int { parkedCount }

    /// Polls that wait, by topic; one that names several counts in each.
    var parkedByTopic: [String: Int] {
        topics.compactMapValues { topic in
            let count = topic.parked.ids.count + topic.parkedFiltered.ids.count
            return count > 0 ? count : nil
        }
    }

    /// Whether a poll fetches for the last time, because its time is over.
    func isLastLook(_ id: WaiterID) -> Bool {
        guard case .fetching(let turn) = waiters[id]?.state else { return false }
        return turn.isLast
    }

    /// When ``timePassed(now:)`` has something to do; may be too early, never too late.
    package var nextMoment: Duration? {
        guard let earliest = moments.earliest?.moment else { return checkDue }
        return checkDue.map { min($0, earliest) } ?? earliest
    }
}

// MARK: - A poll's life

extension WaiterList {
    /// Takes in a poll that is about to fetch for the first time.
    package mutating func arrive(
        worker: WorkerID,
        topics names: [String],
        isFiltered: Bool,
        deadline: Duration
    ) -> Arrival {
        guard !isDraining else { return .draining }
        guard waiters.count < limits.waiters else { return .full }
        lastID += 1
        let id = WaiterID(lastID)
        waiters[id] = Waiter(
            topics: names,
            isFiltered: isFiltered,
            deadline: deadline,
            worker: limits.onePerWorker ? worker : nil,
            state: .fetching(Waiter.Turn(wakeUp: nil))
        )
        for name in names { topics[name, default: WaitedTopic()].fetching.insert(id) }
        return .fetching(id)
    }

    /// Topics of a poll whose next claimable moment has to be asked for.
    package func topicsToLearn(for id: WaiterID) -> [String] {
        waiters[id]?.topics.filter { topics[$0]?.isNextKnown == false } ?? []
    }

    /// A fetch found nothing: the poll parks, fetches again because it missed something, or ends at its deadline.
    package mutating func foundNothing(_ id: WaiterID, now: Duration) -> [Action] {
        guard let waiter = waiters[id], case .fetching(let turn) = waiter.state else { return [] }
        let ends = turn.isLast || isDraining || waiter.isSuperseded || waiter.deadline <= now
        var actions: [Action] = []
        if ends {
            remove(id)
            actions.append(waiter.isSuperseded ? .supersede(id) : .answerEmpty(id))
        }
        if let wakeUp = turn.wakeUp, wakeUp.passes < limits.passes {
            wake(wakeUp.topic, count: 1, passes: wakeUp.passes + 1, &actions)
        }
        if ends {
            wakeForMissed(of: waiter, turn, &actions)
        } else if let missed = turn.missed.min() {
            let wakeUp = waiter.isFiltered ? nil : Waiter.WakeUp(topic: missed, passes: 0)
            waiters[id]?.state = .fetching(Waiter.Turn(wakeUp: wakeUp))
            actions.append(.fetch(id))
        } else {
            park(id, now: now, &actions)
        }
        return actions
    }

    /// A fetch found work, which ends the poll; `isFull` when it took all that it may, so that there may be more.
    package mutating func foundWork(_ id: WaiterID, isFull: Bool) -> [Action] {
        guard let waiter = waiters[id], case .fetching(let turn) = waiter.state else { return [] }
        remove(id)
        var actions: [Action] = []
        wakeForMissed(of: waiter, turn, &actions)
        guard isFull, !waiter.isFiltered else { return actions }
        for topic in waiter.topics where !turn.missed.contains(topic) {
            wake(topic, count: 1, passes: limits.passes, &actions)
        }
        return actions
    }

    /// A poll ends without an answer: its client has gone, or its fetch failed.
    ///
    /// What called it calls another.
    package mutating func gone(_ id: WaiterID) -> [Action] {
        guard let waiter = waiters[id] else { return [] }
        remove(id)
        guard case .fetching(let turn) = waiter.state else { return [] }
        var actions: [Action] = []
        if let wakeUp = turn.wakeUp { wake(wakeUp.topic, count: 1, passes: wakeUp.passes, &actions) }
        wakeForMissed(of: waiter, turn, &actions)
        return actions
    }

    /// Answers every parked poll with nothing, and refuses to park any other.
    package mutating func drain() -> [Action] {
        isDraining = true
        let parked = waiters.filter { $0.value.state == .parked }.keys.sorted()
        for id in parked { remove(id) }
        return parked.map(Action.answerEmpty)
    }
}

// MARK: - Wake-ups

extension WaiterList {
    /// Tasks of a topic became claimable: calls as many unfiltered polls, and all filtered ones.
    package mutating func workAppeared(_ topic: String, count: Int, now: Duration) -> [Action] {
        var actions: [Action] = []
        wake(topic, count: count, passes: 0, &actions)
        wakeFiltered(topic, now: now, &actions)
        return actions
    }

    /// A task of a topic will become claimable at a moment.
    package mutating func workWillAppear(_ topic: String, at moment: Duration) {
        guard topics[topic] != nil else { return }
        setNext(topic, at: moment)
    }

    /// The database was asked when a topic's next task becomes claimable; nil when it holds none.
    package mutating func learned(_ topic: String, next: Duration?, now: Duration) {
        guard topics[topic] != nil else { return }
        topics[topic]?.isNextKnown = true
        if let next { setNext(topic, at: next > now ? next : now + limits.shortestPause) }
    }

    /// Does what has fallen due.
    package mutating func timePassed(now: Duration) -> [Action] {
        var actions: [Action] = []
        while let entry = moments.earliest, entry.moment <= now {
            _ = moments.removeEarliest()
            guard isLive(entry) else { continue }
            switch entry.subject {
            case .deadline(let id):
                guard waiters[id]?.state == .parked else { continue }
                startFetching(id, Waiter.Turn(wakeUp: nil, isLast: true))
                actions.append(.fetch(id))
            case .topic(let topic):
                topics[topic]?.nextClaimable = nil
                topics[topic]?.isNextKnown = false
                wake(topic, count: 1, passes: 0, &actions)
                wakeFiltered(topic, now: now, &actions)
            case .filtered(let topic):
                topics[topic]?.filteredDue = nil
                wakeFiltered(topic, now: now, &actions)
            }
        }
        if let due = checkDue, due <= now {
            checkDue = nil
            let waitedFor = topics.filter { $0.value.hasParked }.keys.sorted()
            if !waitedFor.isEmpty {
                isChecking = true
                checkStarted = now
                actions.append(.check(waitedFor))
            }
        }
        return actions
    }
}

// MARK: - The safety check

extension WaiterList {
    /// The database told what it knows of the topics it was asked about; nil when it could not be asked.
    package mutating func checkFinished(_ states: [TopicState]?, now: Duration) -> [Action] {
        isChecking = false
        if isInDoubt {
            isInDoubt = false
            checkDue = now
        } else if parkedCount > 0 {
            // A database that needs long for the check is not asked all the time.
            checkDue = now + max(nextCheckInterval(), (now - checkStarted) * limits.checkShare)
        }
        var actions: [Action] = []
        for state in states ?? [] {
            learned(state.topic, next: state.nextInMilliseconds.map { now + .milliseconds($0) }, now: now)
            if state.hasReadyTasks {
                wake(state.topic, count: 1, passes: 0, &actions)
                wakeFiltered(state.topic, now: now, &actions)
            }
        }
        return actions
    }

    /// Wake-ups may have been lost: checks at once.
    package mutating func wakeUpsMayBeLost(now: Duration) {
        if isChecking { isInDoubt = true } else if parkedCount > 0 { checkDue = now }
    }

    private mutating func nextCheckInterval() -> Duration {
        // A linear congruential step is random enough to keep nodes apart.
        jitter = jitter &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let perMille = 800 + Int(jitter >> 33) % 401
        return limits.checkInterval * perMille / 1000
    }
}

// MARK: - One poll per worker

extension WaiterList {
    /// All nodes heard that a poll waits for its worker; `isOwn` says whether the poll is one of this list.
    package mutating func heard(_ poll: WorkerPoll, isOwn: Bool) -> [Action] {
        places.heard(poll, isOwn: isOwn).compactMap { supersede($0) }
    }

    /// Announcements may have been lost: tells again of polls that not all nodes have heard of.
    package func unheard() -> [Action] { places.unheard.map(Action.announce) }

    /// A poll waits for the first time: it takes the place of its worker's older ones here, and of those elsewhere when
    /// they hear of it.
    private mutating func takePlace(_ id: WaiterID, of worker: WorkerID) -> [Action] {
        places.take(id, of: worker).compactMap { supersede($0) } + [.announce(WorkerPoll(worker: worker, id: id))]
    }

    private mutating func supersede(_ id: WaiterID) -> Action? {
        guard waiters[id]?.state == .parked else {
            // It is looking for work: what it finds is its own.
            waiters[id]?.isSuperseded = true
            return nil
        }
        remove(id)
        return .supersede(id)
    }
}

// MARK: - Parking and waking

extension WaiterList {
    private mutating func park(_ id: WaiterID, now: Duration, _ actions: inout [Action]) {
        guard var waiter = waiters[id] else { return }
        waiter.state = .parked
        let isFirstTime = !waiter.isDeadlineSet
        if isFirstTime {
            waiter.isDeadlineSet = true
            insert(.deadline(id), at: waiter.deadline)
        }
        waiters[id] = waiter
        if isFirstTime, let worker = waiter.worker { actions += takePlace(id, of: worker) }
        for topic in waiter.topics {
            topics[topic, default: WaitedTopic()].fetching.remove(id)
            if waiter.isFiltered {
                topics[topic, default: WaitedTopic()].parkedFiltered.insert(id)
            } else {
                topics[topic, default: WaitedTopic()].parked.insert(id)
            }
        }
        parkedCount += 1
        if checkDue == nil && !isChecking && !waiter.topics.isEmpty { checkDue = now + nextCheckInterval() }
    }

    /// Lets a parked poll fetch.
    private mutating func startFetching(_ id: WaiterID, _ turn: Waiter.Turn) {
        guard let waiter = waiters[id], waiter.state == .parked else { return }
        waiters[id]?.state = .fetching(turn)
        parkedCount -= 1
        for topic in waiter.topics {
            topics[topic]?.parked.remove(id)
            topics[topic]?.parkedFiltered.remove(id)
            topics[topic]?.fetching.insert(id)
        }
    }

    private mutating func remove(_ id: WaiterID) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        if let worker = waiter.worker { places.leave(id, of: worker) }
        if waiter.state == .parked { parkedCount -= 1 }
        for topic in waiter.topics {
            topics[topic]?.parked.remove(id)
            topics[topic]?.parkedFiltered.remove(id)
            topics[topic]?.fetching.remove(id)
            if topics[topic]?.isEmpty == true { topics[topic] = nil }
        }
    }

    /// Calls the oldest unfiltered polls, one for each task; what is left over is remembered by those that are fetching
    /// already, unless it was handed on.
    private mutating func wake(_ topic: String, count: Int, passes: Int, _ actions: inout [Action]) {
        guard count > 0, let entry = topics[topic] else { return }
        var left = count
        for id in entry.parked.ids.prefix(count) {
            startFetching(id, Waiter.Turn(wakeUp: Waiter.WakeUp(topic: topic, passes: passes)))
            actions.append(.fetch(id))
            left -= 1
        }
        guard left > 0, passes == 0 else { return }
        for id in entry.fetching.ids where left > 0 && waiters[id]?.isFiltered == false {
            markMissed(topic, id)
            left -= 1
        }
    }

    /// Calls others for work that appeared during a fetch of a poll that ends.
    private mutating func wakeForMissed(of waiter: Waiter, _ turn: Waiter.Turn, _ actions: inout [Action]) {
        guard !waiter.isFiltered else { return }
        for topic in turn.missed.sorted() { wake(topic, count: 1, passes: 0, &actions) }
    }

    /// Calls all filtered polls of a topic now, or when their interval has passed.
    private mutating func wakeFiltered(_ topic: String, now: Duration, _ actions: inout [Action]) {
        guard let entry = topics[topic], entry.filteredDue == nil else { return }
        let fetching = entry.fetching.ids.filter { waiters[$0]?.isFiltered == true }
        guard !entry.parkedFiltered.isEmpty || !fetching.isEmpty else { return }
        if let woken = entry.filteredWoken, now < woken + limits.filteredInterval {
            topics[topic]?.filteredDue = woken + limits.filteredInterval
            insert(.filtered(topic), at: woken + limits.filteredInterval)
            return
        }
        topics[topic]?.filteredWoken = now
        for id in fetching { markMissed(topic, id) }
        for id in entry.parkedFiltered.ids {
            startFetching(id, Waiter.Turn(wakeUp: nil))
            actions.append(.fetch(id))
        }
    }

    private mutating func markMissed(_ topic: String, _ id: WaiterID) {
        guard case .fetching(var turn) = waiters[id]?.state else { return }
        turn.missed.insert(topic)
        waiters[id]?.state = .fetching(turn)
    }
}

// MARK: - Moments

extension WaiterList {
    private mutating func setNext(_ topic: String, at moment: Duration) {
        if let known = topics[topic]?.nextClaimable, known <= moment { return }
        topics[topic]?.nextClaimable = moment
        insert(.topic(topic), at: moment)
    }

    private mutating func insert(_ subject: MomentHeap.Subject, at moment: Duration) {
        moments.insert(subject, at: moment)
        let mostLive = waiters.count + 2 * topics.count
        if moments.count > 2 * mostLive + 1024 { moments.compact(keeping: isLive) }
    }

    /// Whether an entry still means what it meant when it was put in.
    private func isLive(_ entry: MomentHeap.Entry) -> Bool {
        switch entry.subject {
        case .deadline(let id): waiters[id] != nil
        case .topic(let topic): topics[topic]?.nextClaimable == entry.moment
        case .filtered(let topic): topics[topic]?.filteredDue == entry.moment
        }
    }
}
