import Logging
import Tracing

/// One task from its fetch to the report of what came of it.
struct TaskRun: Sendable {
    let worker: Worker
    let state: WorkerState
    let subscription: Subscription
    let task: ExternalTask
    /// When the fetch was sent and its answer was there.
    let sent: Duration
    let received: Duration
    let logger: Logger
    /// Logs what becomes of the task's calls with the task's id.
    let client: EngineClient

    init(
        worker: Worker,
        state: WorkerState,
        subscription: Subscription,
        task: ExternalTask,
        sent: Duration,
        received: Duration
    ) {
        self.worker = worker
        self.state = state
        self.subscription = subscription
        self.task = task
        self.sent = sent
        self.received = received
        var logger = worker.logger
        logger[metadataKey: LogKey.worker.rawValue] = "\(worker.id)"
        logger[metadataKey: LogKey.task.rawValue] = "\(task.id)"
        logger[metadataKey: LogKey.topic.rawValue] = "\(task.topic)"
        logger[metadataKey: LogKey.processInstance.rawValue] = "\(task.processInstanceID)"
        self.logger = logger
        client = worker.client.logging(to: logger)
    }

    var timeline: Timeline { worker.timeline }

    /// Handles the task and reports.
    func run() async {
        await withSpan("process \(task.topic)", ofKind: .consumer) { span in
            span.updateAttributes { attributes in
                attributes["baton.topic"] = task.topic
                attributes["baton.task.id"] = task.id
                attributes["baton.process_instance.id"] = task.processInstanceID
                attributes["baton.worker.id"] = worker.id
            }
            let outcome = await handleAndReport(span)
            span.attributes["baton.outcome"] = outcome.rawValue
            if [.failed, .lockLost, .unreported].contains(outcome) { span.setStatus(SpanStatus(code: .error)) }
            ClientMetrics.ended(task.topic, outcome.rawValue)
        }
    }

    private func handleAndReport(_ span: any Span) async -> TaskEnding {
        guard let lock = await lockBeginning() else { return .lockLost }
        let beginning = timeline.now
        let (result, loss, isTooLate) = await handle(holding: lock)
        ClientMetrics.handled(task.topic, timeline.now - beginning)
        if case .failure(let error) = result { record(error, in: span) }
        if case .refused = loss { return .lockLost }
        let isEnding = state.phase == .ending
        switch result {
        // It may be another worker's by now, and giving back names no worker.
        case .success(let outcome) where loss != nil && outcome.kind == .released: return .lockLost
        case .success(let outcome): return await report(outcome)
        case .failure where loss != nil: return .lockLost
        case .failure(let error as BPMNError): return await report(.bpmnError(error))
        // It may only wrap that the handler was cancelled, unless whoever threw it has counted the attempts.
        case .failure(let failure as TaskFailure) where !isEnding || failure.retries != nil:
            return await report(.failed(failure))
        case .failure where isEnding: return await release()
        case .failure(let error):
            let error = isTooLate ? HandlerTimeout(bound: subscription.timeout ?? .zero) : error
            return await reportFailure(failure(after: error))
        }
    }

    // MARK: Handling

    /// Runs the handler, keeps the lock meanwhile, and cancels the handler when its result is not wanted any more.
    private func handle(
        holding lock: LockBeginning
    ) async -> (Result<TaskOutcome, any Error>, LockHold.Loss?, isTooLate: Bool) {
        let hold = LockHold(sent: lock.sent, received: lock.received, duration: subscription.lockDuration)
        let cancellation = HandlerCancellation()
        let keeper = LockKeeper(
            client: client,
            task: task.handle,
            topic: task.topic,
            hold: hold,
            timeline: timeline,
            logger: logger,
            duration: subscription.lockDuration,
            fraction: subscription.lockExtension.fraction,
            onLoss: { cancellation.cancel() }
        )
        let context = TaskContext(task: task, client: client, holding: keeper, logger: logger)
        // Waited for below: only the handler is cancelled, while its lock is kept until it has ended.
        let handler = Task(executorPreference: Placement.executor) { try await subscription.handler(task, context) }
        cancellation.set(handler)
        let registration = state.register { cancellation.cancel() }
        defer { state.forget(registration) }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await keeper.run(sent: lock.sent, received: lock.received) }
            if let timeout = subscription.timeout {
                group.addTask { [timeline] in
                    guard (try? await timeline.sleep(for: timeout)) != nil else { return }
                    cancellation.cancel(isTooLate: true)
                }
            }
            let result = await handler.result
            group.cancelAll()
            return (result, hold.loss, cancellation.isTooLate)
        }
    }

    // MARK: Reporting

    private func report(_ outcome: TaskOutcome) async -> TaskEnding {
        switch outcome.kind {
        case .completed(let variables, let localVariables):
            return await report(.completion(variables, local: localVariables), .completed)
        case .bpmnError(let error):
            logger.event(.info, "Handler reports a BPMN error", [.code: "\(error.code)"])
            return await report(.bpmnError(error), .bpmnError)
        case .failed(let failure):
            let filled = subscription.filled(failure, of: task)
            logger.event(
                .warning,
                "Handler reports a failure",
                [.retries: "\(filled.retries ?? 0)", .error: "\(failure.message)"]
            )
            return await reportFailure(filled)
        case .deferred: return .deferred
        case .released: return await release()
        }
    }

    /// Reports an end; tells the engine as a failure when it refuses that end.
    private func report(_ report: Report, _ ending: TaskEnding) async -> TaskEnding {
        do {
            try await send(report)
            logger.event(.debug, "Task ended", [.outcome: "\(ending.rawValue)"])
            return ending
        } catch {
            guard !error.isLockLost else {
                logger.event(.warning, "Report was not taken", [.operation: "\(report.operation)", .error: "\(error)"])
                return .lockLost
            }
            guard [.refused, .engineFailed, .invalidArgument].contains(error.code) else {
                logger.event(
                    .error,
                    "End was not reported; the task comes back when its lock ends",
                    [.operation: "\(report.operation)", .error: "\(error)"]
                )
                return .unreported
            }
            let failure = subscription.failure(of: task, after: error, describe: worker.configuration.describe)
            logger.event(
                .warning,
                ending == .bpmnError
                    ? "BPMN error was refused; the attempt has failed"
                    : "Completion was refused; the attempt has failed",
                [.error: "\(error)", .code: "\(error.code)", .retries: "\(failure.retries ?? 0)"]
            )
            return await reportFailure(failure)
        }
    }

    /// What is reported of an error that the handler threw.
    private func failure(after error: any Error) -> TaskFailure {
        let failure = subscription.failure(of: task, after: error, describe: worker.configuration.describe)
        if let error = error as? BatonError, let variable = error.variable {
            logger.event(.warning, "Variable could not be read", [.variable: "\(variable)", .error: "\(error)"])
        } else {
            logger.event(
                .warning,
                "Handler threw an error",
                [.error: "\(type(of: error))", .retries: "\(failure.retries ?? 0)"]
            )
            logger.event(.debug, "What the error says", [.error: "\(failure.message)"])
        }
        return failure
    }

    /// Has a span tell of an error what the engine is told, too.
    private func record(_ error: any Error, in span: any Span) {
        let told = ToldError(description: worker.configuration.describe(error).message)
        span.recordError(told, attributes: ["exception.type": .string("\(type(of: error))")])
    }

    /// Reports a failure; without its variables when they are why it cannot be reported.
    private func reportFailure(_ failure: TaskFailure) async -> TaskEnding {
        do {
            do {
                try await send(.failure(failure))
            } catch  where failure.mayBeTooMuch(because: error) {
                let bare = subscription.bare(failure, of: task, because: error)
                logger.event(
                    .warning,
                    "Failure is reported without its variables, which could not be set",
                    [.error: "\(error)", .code: "\(error.code)", .retries: "\(bare.retries ?? 0)"]
                )
                try await send(.failure(bare))
            }
            return .failed
        } catch {
            logger.event(
                .error,
                "Failure was not reported; the task comes back when its lock ends",
                [.error: "\(error)"]
            )
            return error.isLockLost ? .lockLost : .unreported
        }
    }

    private func send(_ report: Report) async throws(BatonError) {
        guard try await LastCalls(worker, state, logger).send(report, on: task.handle) == .presumed else { return }
        logger.event(
            .warning,
            "Report is taken for done: its answer was lost",
            [.operation: "\(report.operation)"]
        )
    }

    /// Gives the task back.
    private func release() async -> TaskEnding {
        await LastCalls(worker, state, logger).giveBack(task.handle) ? .released : .unreported
    }
}

/// How a task ended, as the metrics say it.
enum TaskEnding: String, Sendable {
    case completed
    case bpmnError = "bpmn_error"
    case failed
    case released
    case deferred
    case lockLost = "lock_lost"
    /// The engine could not be told.
    case unreported
}

extension TaskFailure {
    /// Whether the failure might be taken without what it says beside its message.
    fileprivate func mayBeTooMuch(because error: BatonError) -> Bool {
        if error.code == .invalidArgument { return true }
        let hasVariables = !variables.isEmpty || !localVariables.isEmpty
        return hasVariables && [.refused, .engineFailed].contains(error.code)
    }
}

/// What is told of an error.
private struct ToldError: Error, CustomStringConvertible {
    let description: String
}

/// A handler took too long.
struct HandlerTimeout: Error, CustomStringConvertible {
    let bound: Duration

    var description: String { "The handler took longer than \(bound)" }
}
