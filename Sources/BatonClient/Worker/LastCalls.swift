import Logging

/// The calls that tell the end of a task, which a worker that stops has little time for.
///
/// Otherwise they are repeated for long. When handlers are cancelled, pauses between attempts end at once, and calls
/// have ``Worker/Configuration/giveBackTimeout`` left.
struct LastCalls: Sendable {
    private let worker: Worker
    private let state: WorkerState
    private let logger: Logger

    init(_ worker: Worker, _ state: WorkerState, _ logger: Logger) {
        self.worker = worker
        self.state = state
        self.logger = logger
    }

    private var client: EngineClient { worker.client.logging(to: logger) }
    private var timeline: Timeline { worker.timeline }
    private var timeLeft: Duration { worker.configuration.giveBackTimeout }

    /// Makes a report.
    ///
    /// - Throws: ``BatonError``.
    func send(_ report: Report, on task: TaskHandle) async throws(BatonError) -> ReportOutcome {
        let confirmation = try await beforeTheEnd(of: report.operation) {
            try await client.report(
                report,
                on: task,
                patience: worker.configuration.reportPatience,
                waitsForCredentials: true,
                wait: wait
            )
        }
        state.serverAnswered()
        return confirmation
    }

    /// Gives a task back.
    ///
    /// - Returns: Whether that worked.
    @discardableResult
    func giveBack(_ task: TaskHandle) async -> Bool {
        do {
            try await beforeTheEnd(of: .unlock) {
                try await client.unlock(
                    task,
                    patience: client.configuration.repetition.patience,
                    wait: wait
                )
            }
            logger.event(.info, "Task given back", [.task: "\(task.id)"])
            return true
        } catch {
            logger.event(
                .warning,
                "Task was not given back; it is free when its lock ends",
                [.task: "\(task.id)", .error: "\(error)"]
            )
            return false
        }
    }

    /// Waits between two attempts; at the end there is one more at once, and then as many as there is time for.
    @Sendable private func wait(_ pause: Duration) async throws -> Bool {
        guard state.phase == .ending else {
            await firstOf({ try? await timeline.sleep(for: pause) }, { await state.ends() })
            return true
        }
        guard pause < timeLeft else { return false }
        try await timeline.sleep(for: pause)
        return true
    }

    /// Makes calls, for a while at most from the moment on at which handlers are cancelled.
    private func beforeTheEnd<Result: Sendable>(
        of operation: EngineOperation,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws(BatonError) -> Result {
        do {
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    await state.ends()
                    try await timeline.sleep(for: timeLeft)
                    return nil
                }
                defer { group.cancelAll() }
                if let result = try await group.next() ?? nil { return result }
                throw BatonError(
                    .timedOut,
                    operation: operation,
                    message: "The worker ends, and there was no answer within \(timeLeft)",
                    isOutcomeUnknown: true
                )
            }
        } catch let error as BatonError {
            throw error
        } catch {
            throw BatonError(.connectionLost, operation: operation, message: "cancelled", isOutcomeUnknown: true)
        }
    }

    private func firstOf(
        _ first: @escaping @Sendable () async -> Void,
        _ second: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await first() }
            group.addTask { await second() }
            await group.next()
            group.cancelAll()
        }
    }
}
