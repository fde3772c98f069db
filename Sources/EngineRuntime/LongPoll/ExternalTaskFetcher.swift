package import BPMN
package import EngineCore
package import EngineStore
package import Logging
package import Postgres

/// Why a poll may not wait; nothing was locked.
package enum PollRefusal: Error, Sendable, Hashable {
    /// As many polls wait on this node as may.
    case tooMany
    /// A newer poll of the same worker has taken its place.
    case superseded
}

/// Claims external tasks for workers, and lets those wait for whom there are none.
package struct ExternalTaskFetcher: Sendable {
    /// Finds the process of a definition.
    package typealias FindProcess = @Sendable (DefinitionID) async throws -> ProcessDefinition
    /// May refuse to deliver tasks whose topics want deserialized values: then nothing is locked.
    package typealias DeliveryCheck = @Sendable ([LockedTask]) throws -> Void

    private let longPoll: LongPoll
    private let claims: ClaimRunner
    private let shared = SharedClaims()
    private let findProcess: FindProcess

    /// Polls of one node go through one fetcher, so that they can share claims.
    package init(
        pool: Pool,
        longPoll: LongPoll,
        measures: EngineMeasures = EngineMeasures(),
        logger: Logger,
        findProcess: @escaping FindProcess
    ) {
        self.longPoll = longPoll
        claims = ClaimRunner(pool: pool, longPoll: longPoll, measures: measures, logger: logger)
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
            case .superseded: throw PollRefusal.superseded
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
        let admission = longPoll.arrive(request, topics: fetch.topics, deadline: arrival + timeout)
        switch admission {
        case .fetching(let id): return try await look(fetch, as: Waiting(id: id))
        case .draining: return .found(try await tasks(for: fetch, waiter: nil))
        case .full:
            let tasks = try await tasks(for: fetch, waiter: nil)
            guard !tasks.isEmpty else { throw PollRefusal.tooMany }
            return .found(tasks)
        }
    }

    /// Polls that wait for a claim to begin.
    var waiting: Int { shared.waiting }

    /// Refuses the polls that came before a moment and have not got into a claim.
    package func shed(arrivedBefore moment: ContinuousClock.Instant) { shared.shed(arrivedBefore: moment) }

    /// Gives back tasks that could not be delivered to their worker, and wakes others for them.
    ///
    /// Never throws: what cannot be given back is free when its lock runs out.
    package func releaseUndelivered(_ tasks: [LockedTask]) async {
        await claims.release(tasks)
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
                longPoll.foundWork(waiting.id, topic: found.first?.topic, isFull: found.count >= fetch.request.limit)
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
        var tasks = try await shared.claim(fetch, as: waiter) { [claims] polls in await claims.answer(polls) }
        do {
            guard !Task.isCancelled else { throw CancellationError() }
            try await addLargeValues(to: &tasks, of: fetch)
            try await addExtensionProperties(to: &tasks, wanted: fetch.request)
            return tasks
        } catch {
            await claims.release(tasks)
            throw error
        }
    }

    /// Reads what the claim left out, of as many tasks as one answer carries; the others are given back.
    private func addLargeValues(to tasks: inout [LockedTask], of fetch: Fetch) async throws {
        guard tasks.contains(where: { !$0.largeValues.isEmpty }) else { return }
        let rest = tasks.removeBeyondOneAnswer()
        await claims.release(rest)
        try await claims.pool.readLargeValues(of: &tasks)
        try fetch.check(tasks)
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
