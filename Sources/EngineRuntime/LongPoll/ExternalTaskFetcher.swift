package import BPMN
package import EngineCore
package import EngineStore
package import Logging
package import Postgres
import Synchronization

/// Why a poll may not wait; nothing was locked.
package enum PollRefusal: Error, Sendable, Hashable {
    /// As many polls wait on this node as may.
    case tooMany
}

/// Claims external tasks for workers, and lets those wait for whom there are none.
package struct ExternalTaskFetcher: Sendable {
    /// Finds the process of a definition.
    package typealias FindProcess = @Sendable (DefinitionID) async throws -> ProcessDefinition
    /// May refuse to deliver tasks whose topics want deserialized values: then nothing is locked.
    package typealias DeliveryCheck = @Sendable ([LockedTask]) throws -> Void

    private let pool: Pool
    private let longPoll: LongPoll
    private let shared = SharedClaims()
    private let findProcess: FindProcess
    private let logger: Logger

    /// Polls of one node go through one fetcher, so that they can share claims.
    package init(pool: Pool, longPoll: LongPoll, logger: Logger, findProcess: @escaping FindProcess) {
        self.pool = pool
        self.longPoll = longPoll
        self.logger = logger
        self.findProcess = findProcess
    }

    /// Locks claimable tasks for a worker; without any, waits as long as the request says.
    ///
    /// Cancelling the task takes the poll out; what it had locked by then is given back.
    /// - Throws: ``PollRefusal``; what `check` throws; `PostgresError` when the database cannot be asked;
    ///   `CancellationError`.
    package func fetchAndLock(
        _ request: FetchRequest,
        check: @escaping DeliveryCheck = { _ in }
    ) async throws -> [LockedTask] {
        var look = try await look(for: request, check: check)
        while case .nothing(let poll) = look {
            switch await poll.wake() {
            case .fetch: look = try await poll.lookAgain()
            case .ended: return []
            case .cancelled: throw CancellationError()
            }
        }
        guard case .found(let tasks) = look else { preconditionFailure("a look finds tasks, or nothing") }
        return tasks
    }

    /// The first look of ``fetchAndLock(_:check:)``, for callers who do not want to hold a task while a poll waits.
    package func look(for request: FetchRequest, check: @escaping DeliveryCheck) async throws -> Look {
        let arrival = longPoll.now
        let fetch = Fetch(request: request, check: check)
        guard let timeout = request.timeout else { return .found(try await tasks(for: fetch, waiter: nil)) }
        let admission = longPoll.arrive(
            topics: fetch.topics,
            isFiltered: request.hasFilter,
            deadline: arrival + timeout
        )
        switch admission {
        case .fetching(let id): return try await look(fetch, as: Waiting(id: id))
        case .draining: return .found(try await tasks(for: fetch, waiter: nil))
        case .full:
            let tasks = try await tasks(for: fetch, waiter: nil)
            guard !tasks.isEmpty else { throw PollRefusal.tooMany }
            return .found(tasks)
        }
    }

    /// Refuses the polls that came before a moment and have not got into a claim.
    package func shed(arrivedBefore moment: ContinuousClock.Instant) { shared.shed(arrivedBefore: moment) }

    /// Gives back tasks that could not be delivered to their worker, and wakes others for them.
    ///
    /// Never throws: what cannot be given back is free when its lock runs out.
    package func releaseUndelivered(_ tasks: [LockedTask]) async {
        guard !tasks.isEmpty else { return }
        // A task of its own, waited for here: the caller's has been cancelled when its client is gone.
        let release = Task { [pool] () async throws(PostgresError) in try await pool.release(undelivered: tasks) }
        switch await release.result {
        case .success(let released): longPoll.workAppeared(released.map { TopicWork(topic: $0.key, count: $0.value) })
        case .failure(let error):
            logger.warning("Undelivered tasks could not be given back", metadata: ["error": "\(error)"])
        }
    }
}

// MARK: - One poll

extension ExternalTaskFetcher {
    /// What one poll wants.
    struct Fetch: Sendable {
        var request: FetchRequest
        var check: DeliveryCheck

        /// Where there may be something to find.
        var topics: [String] { request.maxTasks > 0 ? request.topics.map(\.topic) : [] }
        /// The most that one fetch takes.
        var limit: Int { min(request.maxTasks, Claim.maximumTasks) }
    }

    /// A poll that the long poll knows, with what a fetch of it should find out.
    struct Waiting: Sendable {
        var id: WaiterID
        var isFirst = true
    }

    /// How a look for work ended.
    package enum Look: Sendable {
        /// These tasks are locked; none when the poll does not wait.
        case found([LockedTask])
        /// There is nothing now, and the poll may wait.
        case nothing(WaitingPoll)
    }

    /// A poll that found nothing.
    package struct WaitingPoll: Sendable {
        fileprivate let fetcher: ExternalTaskFetcher
        fileprivate let fetch: Fetch
        fileprivate let id: WaiterID

        /// Waits; `onWake` is called once.
        package func park(onWake: @escaping LongPoll.OnWake) { fetcher.longPoll.foundNothing(id, onWake: onWake) }

        /// Takes the poll back.
        package func cancel() { fetcher.longPoll.cancel(id) }

        /// Looks again, after ``LongPoll/Wake/fetch``.
        package func lookAgain() async throws -> Look {
            try await fetcher.look(fetch, as: Waiting(id: id, isFirst: false))
        }

        /// Waits with the calling task.
        fileprivate func wake() async -> LongPoll.Wake {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in park { continuation.resume(returning: $0) } }
            } onCancel: {
                cancel()
            }
        }
    }

    private func look(_ fetch: Fetch, as waiting: Waiting) async throws -> Look {
        do {
            let found = try await tasks(for: fetch, waiter: waiting)
            guard found.isEmpty else {
                longPoll.foundWork(waiting.id, isFull: found.count >= fetch.limit)
                return .found(found)
            }
            return .nothing(WaitingPoll(fetcher: self, fetch: fetch, id: waiting.id))
        } catch {
            longPoll.gone(waiting.id)
            throw error
        }
    }

    /// One look for work, complete with what the worker is told.
    private func tasks(for fetch: Fetch, waiter: Waiting?) async throws -> [LockedTask] {
        guard !Task.isCancelled else { throw CancellationError() }
        guard !fetch.topics.isEmpty else { return [] }
        var tasks = try await claim(fetch, as: waiter)
        do {
            guard !Task.isCancelled else { throw CancellationError() }
            try await addExtensionProperties(to: &tasks, wanted: fetch.request)
            return tasks
        } catch {
            await releaseUndelivered(tasks)
            throw error
        }
    }

    private func addExtensionProperties(to tasks: inout [LockedTask], wanted request: FetchRequest) async throws {
        let topics = Set(request.topics.filter(\.includeExtensionProperties).map(\.topic))
        guard !topics.isEmpty else { return }
        for index in tasks.indices where topics.contains(tasks[index].topic) {
            let process = try await findProcess(tasks[index].processDefinitionID)
            guard let node = process.node(id: tasks[index].activityID) else { continue }
            tasks[index].extensionProperties = process[node].extensionProperties
        }
    }
}

// MARK: - One claim

extension ExternalTaskFetcher {
    private func claim(_ fetch: Fetch, as waiter: Waiting?) async throws -> [LockedTask] {
        guard fetch.request.hasFilter else {
            return try await shared.claim(fetch, as: waiter) { polls in await self.claim(for: polls) }
        }
        // A task of its own, waited for here: cancelled in the middle of its commit, a claim would leave it unknown
        // whether tasks are locked for a client that is gone.
        return try await Task { try await self.claim(for: [(fetch, waiter)])[0] }.value
    }

    /// Claims for polls that share it, and answers each.
    private func claim(for polls: [SharedClaims.Entry]) async {
        do {
            let tasks = try await claim(for: polls.map { ($0.fetch, $0.waiter) })
            for (poll, tasks) in zip(polls, tasks) { poll.answer.resume(returning: tasks) }
        } catch is Claim.Refusal where polls.count > 1 {
            // What one poll may not have is no reason to refuse the others.
            for poll in polls { await claim(for: [poll]) }
        } catch {
            let cause = (error as? Claim.Refusal)?.cause ?? error
            for poll in polls { poll.answer.resume(throwing: cause) }
        }
    }

    /// The tasks of each poll.
    private func claim(for polls: [(fetch: Fetch, waiter: Waiting?)]) async throws -> [[LockedTask]] {
        let learning =
            polls.lazy.compactMap(\.waiter).map { longPoll.topicsToLearn(for: $0.id) }
            .first { !$0.isEmpty } ?? []
        let claim = plan(polls, learning: learning)
        let start = longPoll.now
        do {
            let outcome = try await run(claim) { poll, tasks in try polls[poll].fetch.check(tasks) }
            conclude(outcome, of: claim, learning: learning, elapsed: longPoll.now - start)
            return outcome.tasks
        } catch let error as Claim.InDoubt {
            await releaseUndelivered(error.tasks)
            throw error.cause
        }
    }

    private func plan(_ polls: [(fetch: Fetch, waiter: Waiting?)], learning: [String]) -> Claim {
        let now = longPoll.now
        let first = polls[0].fetch
        let bounds = longPoll.memory.bounds.withLock { $0.plan(for: first.request, now: now) }
        return longPoll.memory.sweeps.withLock { sweeps in
            let due = sweeps.due(first.topics, now: now)
            let swept = Set(due.topics)
            return Claim(
                requests: polls.map(\.fetch.request),
                sweep: due,
                laterSweep: sweeps.plan(first.topics.filter { !swept.contains($0) }, now: now),
                bounds: bounds,
                learning: sweeps.plan(learning, now: now),
                learnsOnlyWhenEmpty: !polls.contains { $0.waiter?.isFirst == false }
            )
        }
    }

    /// Runs a claim, and once more when it collided or its session turned out to be dead and nothing was done.
    private func run(
        _ claim: Claim,
        check: @escaping @Sendable (_ poll: Int, [LockedTask]) throws -> Void
    ) async throws -> Claim.Outcome {
        do {
            return try await pool.withSession { try await claim.run(on: $0, check: check) }
        } catch let error as PostgresError
            where error.isDefinitelyUndone && (error.isConnectionLoss || error.isRetryable)
        {
            return try await pool.withSession { try await claim.run(on: $0, check: check) }
        }
    }

    /// After the commit: remembers what was learned, and tells who has to know.
    private func conclude(_ outcome: Claim.Outcome, of claim: Claim, learning: [String], elapsed: Duration) {
        let now = longPoll.now
        let unfinished = outcome.unfinished
        longPoll.memory.sweeps.withLock { sweeps in
            for sweep in outcome.sweeps {
                sweeps.swept(sweep.plan, at: sweep.moment, unfinished: unfinished, elapsed: elapsed, now: now)
            }
        }
        longPoll.memory.bounds.withLock {
            $0.claimed(claim.request, full: outcome.full, found: outcome.found, now: now)
        }
        if let next = outcome.next {
            let moments = next.map { ($0.topic, $0.inMilliseconds) }
            longPoll.learned(learning, next: Dictionary(moments, uniquingKeysWith: { first, _ in first }))
        }
        longPoll.workAppeared(news(of: outcome, claim, now: now))
    }

    private func news(of outcome: Claim.Outcome, _ claim: Claim, now: Duration) -> [TopicWork] {
        var news: [TopicWork] = []
        let claimed = outcome.tasks.joined().reduce(into: [:]) { counts, task in counts[task.topic, default: 0] += 1 }
        for (topic, swept) in outcome.swept where swept > claimed[topic] ?? 0 {
            news.append(TopicWork(topic: topic, count: swept - (claimed[topic] ?? 0)))
        }
        for topic in outcome.unfinished { news.append(TopicWork(topic: topic, inMilliseconds: 1)) }
        for (topic, milliseconds) in locks(of: outcome, claim) {
            let isNews = longPoll.memory.lockMoments.withLock {
                $0.mustTell(topic, at: now + .milliseconds(milliseconds), now: now)
            }
            if isNews { news.append(TopicWork(topic: topic, inMilliseconds: milliseconds)) }
        }
        return news
    }

    /// How long the shortest lock of each topic lasts that the claim set.
    private func locks(of outcome: Claim.Outcome, _ claim: Claim) -> [String: Int64] {
        var shortest: [String: Int64] = [:]
        for (request, tasks) in zip(claim.requests, outcome.tasks) where !tasks.isEmpty {
            let topics = Set(tasks.map(\.topic))
            for wish in request.topics where topics.contains(wish.topic) {
                shortest[wish.topic] = min(shortest[wish.topic] ?? .max, wish.boundedLockMilliseconds)
            }
        }
        return shortest
    }
}
