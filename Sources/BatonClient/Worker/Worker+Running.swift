import Logging
import ServiceLifecycle
import Synchronization

extension Worker {
    /// Fetches and handles until the end, then waits for all handlers.
    func work() async throws {
        let state = WorkerState(slots: configuration.maximumTasks)
        logger.event(.info, "Worker started", [.worker: "\(id)", .topics: "\(subscriptions.keys.sorted())"])
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { tasks in
                await withGracefulShutdownHandler {
                    await fetch(state) { task, work in
                        ClientMetrics.began(task.topic)
                        tasks.addTask {
                            // Waited for right here: a worker that is cancelled still reports and gives back.
                            await Task(executorPreference: Placement.executor) { await work() }.value
                            state.release(from: task.id)
                            ClientMetrics.ended(task.topic)
                        }
                    }
                } onGracefulShutdown: {
                    state.drain()
                }
                await drain(state)
            }
        } onCancel: {
            state.end()
        }
        logger.event(.info, "Worker stopped", [.worker: "\(id)"])
        try Task.checkCancellation()
    }

    // MARK: Draining

    /// Waits for the handlers, for some time; then cancels them.
    private func drain(_ state: WorkerState) async {
        guard state.busy > 0 else { return }
        logger.event(.info, "Worker is draining", [.worker: "\(id)", .count: "\(state.busy)"])
        _ = try? await timeline.within(configuration.drainTimeout) { await state.isIdleOrEnding() }
        guard state.busy > 0 else { return }
        logger.event(.warning, "Handlers are cancelled", [.worker: "\(id)", .count: "\(state.busy)"])
        state.end()
    }

    // MARK: Fetching

    /// Has something done with a task that was fetched, in a slot that was taken for it.
    private typealias Start = (ExternalTask, @escaping @Sendable () async -> Void) -> Void

    private func fetch(_ state: WorkerState, start: Start) async {
        var streak = PollStreak()
        while let free = await state.freeSlots() {
            let poll = Poll(sent: timeline.now)
            await state.run { await self.poll(for: free, into: poll) }
            let received = timeline.now
            guard let result = poll.result.withLock({ $0 }) else { continue }
            switch result {
            case .success(let tasks): startOrGiveBack(tasks, poll.sent, received, state, start: start)
            case .failure: break
            }
            let report = streak.report(result, took: received - poll.sent, pollTimeout: configuration.pollTimeout)
            ClientMetrics.polled(report.outcome)
            tell(result, report)
            let pause = configuration.backoff.pause(after: report)
            if pause > .zero {
                await state.run(endingWithGoodNews: report.outcome == .down) { [timeline] in
                    try? await timeline.sleep(for: pause)
                }
            }
        }
    }

    /// A poll under way, and what came of it; nothing when it was cancelled.
    private final class Poll: Sendable {
        let sent: Duration
        let result = Mutex<Result<[ExternalTask], BatonError>?>(nil)

        init(sent: Duration) {
            self.sent = sent
        }
    }

    private func poll(for count: Int, into poll: Poll) async {
        let request = FetchRequest(
            workerID: id,
            maximumTasks: count,
            topics: topics,
            usesPriority: configuration.usesPriority,
            creationOrder: configuration.creationOrder,
            pollTimeout: configuration.pollTimeout
        )
        do {
            let tasks = try await client.fetchAndLock(request)
            poll.result.withLock { $0 = .success(tasks) }
        } catch let error as BatonError {
            poll.result.withLock { $0 = .failure(error) }
        } catch {
            // Cancelled: the worker is to end.
        }
    }

    private func startOrGiveBack(
        _ tasks: [ExternalTask],
        _ sent: Duration,
        _ received: Duration,
        _ state: WorkerState,
        start: Start
    ) {
        for task in tasks {
            ClientMetrics.fetched(task.topic)
            guard state.take(for: task.id) else {
                // Its handler, or the report of its end, is still under way: two at a time would undo each other's work.
                logger.event(
                    .warning,
                    "Task came back before its last attempt has ended; it is free when its lock ends",
                    [.task: "\(task.id)", .topic: "\(task.topic)"]
                )
                continue
            }
            let run = subscriptions[task.topic].map {
                TaskRun(
                    worker: self,
                    state: state,
                    subscription: $0,
                    task: task,
                    sent: sent,
                    received: received
                )
            }
            if let run, state.phase == .working {
                start(task) { await run.run() }
            } else {
                start(task) { await LastCalls(self, state, self.logger).giveBack(task.handle) }
            }
        }
    }

    private func tell(_ result: Result<[ExternalTask], BatonError>, _ report: PollReport) {
        switch result {
        case .success(let tasks):
            if report.isRecovery { logger.event(.info, "Fetching works again", [.worker: "\(id)"]) }
            if !tasks.isEmpty { logger.event(.debug, "Tasks fetched", [.count: "\(tasks.count)"]) }
        case .failure(let error):
            // The first one of a row; what follows says the same.
            let level = report.outcome == .refused ? Logger.Level.error : .warning
            logger.event(
                report.consecutive == 1 ? level : .debug,
                "Fetch failed",
                [
                    .worker: "\(id)", .error: "\(error)", .code: "\(error.code)", .outcome: "\(report.outcome)",
                    .attempt: "\(report.consecutive)",
                ]
            )
        }
    }
}

/// How many polls in a row have ended in the same way.
struct PollStreak: Sendable {
    private var outcome: PollReport.Outcome?
    private var count = 0

    /// The report of one more poll.
    mutating func report(
        _ result: Result<[ExternalTask], BatonError>,
        took duration: Duration,
        pollTimeout: Duration
    ) -> PollReport {
        let now: PollReport.Outcome
        var retryAfter: Duration?
        switch result {
        case .success(let tasks): now = tasks.isEmpty ? .empty : .tasks
        case .failure(let error):
            retryAfter = error.retryAfter
            now = PollReport.Outcome(error)
        }
        let wasBad = outcome.map { $0 != .tasks && $0 != .empty } ?? false
        count = outcome == now ? count + 1 : 1
        outcome = now
        return PollReport(
            now,
            consecutive: count,
            duration: duration,
            pollTimeout: pollTimeout,
            retryAfter: retryAfter,
            isRecovery: wasBad && (now == .tasks || now == .empty)
        )
    }
}

extension PollReport.Outcome {
    /// What an error of a fetch says of the server.
    init(_ error: BatonError) {
        switch error.code {
        case .overloaded: self = .overloaded
        case .unreachable, .connectionLost, .timedOut, .noEngine, .conflict: self = .down
        case .engineFailed where error.isOutcomeUnknown: self = .down
        default: self = .refused
        }
    }
}
