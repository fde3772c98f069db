import JSON

extension EngineClient {
    /// Takes free external tasks, waiting for some to appear when there are none.
    ///
    /// Never repeated: the answer that was lost may have carried tasks, which come back when their locks run out.
    /// - Returns: Up to ``FetchRequest/maximumTasks`` tasks; none when ``FetchRequest/pollTimeout`` passes.
    /// - Throws: ``BatonError``; ``BatonError/Code/invalidArgument`` when a number of the request is out of its bounds.
    public func fetchAndLock(_ request: FetchRequest) async throws -> [ExternalTask] {
        let body = try request.json()
        let call = Call(
            operation: .fetchAndLock,
            path: "/external-task/fetchAndLock",
            body: .bytes(body),
            additionalTime: request.pollTimeout ?? .zero
        )
        return try ExternalTask.list(json: try await json(answering: call))
    }

    /// Completes a task that its worker holds.
    ///
    /// A lock that has run out still counts until another worker takes the task. When no answer comes, or the server
    /// asks to try again, the call is repeated (``Configuration/repetition``), so that a lost answer is not reported as
    /// a failure: if an earlier attempt may have worked and a later one says that there is no such task, it is taken
    /// for done.
    /// - Parameters:
    ///   - task: The task and its worker.
    ///   - variables: Set in the scope that has them, new ones in the process instance.
    ///   - localVariables: Set in the task's own scope, where output mappings see them.
    /// - Returns: Whether the engine has said so.
    /// - Throws: ``BatonError``: ``BatonError/Code/notFound`` when there was no such task from the first attempt on,
    ///   ``BatonError/Code/notLockedByWorker`` when another worker has it, and
    ///   whatever the last attempt failed with.
    @discardableResult
    public func complete(
        _ task: TaskHandle,
        variables: Variables = [:],
        localVariables: Variables = [:]
    ) async throws -> ReportOutcome {
        try await report(.completion(variables, local: localVariables), on: task)
    }

    /// Reports that an attempt at a task failed; the task stays, and is handed out again after the delay.
    ///
    /// Repeated as ``complete(_:variables:localVariables:)``. Also taken for done when an earlier attempt may have
    /// worked and another worker has the task by now.
    /// - Parameters:
    ///   - task: The task and its worker.
    ///   - failure: With ``TaskFailure/retries``, as there is no policy here; 0 makes an incident. Without
    ///     ``TaskFailure/retryAfter``, the task may be fetched at once.
    /// - Returns: Whether the engine has said so.
    /// - Throws: ``BatonError`` as ``complete(_:variables:localVariables:)``; ``BatonError/Code/invalidArgument`` when
    ///   there is no number of retries, or it or the delay is out of its bounds.
    @discardableResult
    public func handleFailure(_ task: TaskHandle, _ failure: TaskFailure) async throws -> ReportOutcome {
        try await report(.failure(failure), on: task)
    }

    /// Reports an error of the business, which the model may catch.
    ///
    /// Repeated as ``complete(_:variables:localVariables:)``.
    /// - Parameters:
    ///   - task: The task and its worker.
    ///   - error: The error; its code must not be empty.
    /// - Returns: Whether the engine has said so.
    /// - Throws: ``BatonError`` as ``complete(_:variables:localVariables:)``; ``BatonError/Code/invalidArgument`` when
    ///   there is no code.
    @discardableResult
    public func handleBPMNError(_ task: TaskHandle, _ error: BPMNError) async throws -> ReportOutcome {
        try await report(.bpmnError(error), on: task)
    }

    /// Makes the lock of a task last until `duration` from now.
    ///
    /// Not repeated: whoever extends locks does so again anyway.
    /// - Parameters:
    ///   - task: The task and its worker.
    ///   - duration: Counted by the server when it gets the call; sent in whole milliseconds, 1 ms to
    ///     36,500 days. May be shorter than what is left.
    /// - Throws: ``BatonError``: ``BatonError/Code/lockExpired`` when it is too late (``lock(_:for:)`` may help),
    ///   ``BatonError/Code/notLockedByWorker``, ``BatonError/Code/notFound``.
    public func extendLock(_ task: TaskHandle, for duration: Duration) async throws {
        let body = try Self.lockBody(task, "newDuration", duration)
        _ = try await answer(to: Call(operation: .extendLock, path: task.path("extendLock"), body: .bytes(body)))
    }

    /// Locks one task for its handle's worker, whatever its topic and remaining attempts.
    ///
    /// - Parameters:
    ///   - task: The task and its worker.
    ///   - duration: From now on; sent in whole milliseconds, 1 ms to 36,500 days.
    /// - Throws: ``BatonError``; ``BatonError/Code/notLockedByWorker`` when another worker holds it.
    public func lock(_ task: TaskHandle, for duration: Duration) async throws {
        let body = try Self.lockBody(task, "lockDuration", duration)
        _ = try await answer(to: Call(operation: .lock, path: task.path("lock"), body: .bytes(body)))
    }

    /// Gives a task back at once, whoever holds it.
    ///
    /// Not repeated when the outcome is unknown: another worker may have it by then, and would lose it.
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no such task.
    public func unlock(_ task: TaskHandle) async throws {
        try await unlock(task, patience: configuration.repetition.patience)
    }

    /// Gives a task back, trying for `patience`, with pauses as `wait` makes them.
    ///
    /// - Throws: ``BatonError``, `CancellationError`.
    func unlock(
        _ task: TaskHandle,
        patience: Duration,
        wait: (@Sendable (Duration) async throws -> Bool)? = nil
    ) async throws {
        let call = Call(
            operation: .unlock,
            path: task.path("unlock"),
            body: .bytes(Array("{}".utf8)),
            repetition: .ifNothingHappened
        )
        do {
            _ = try await attempts(at: call, patience: patience, wait: wait)
        } catch let failure as FailedCall {
            throw failure.error
        }
    }

    private static func lockBody(_ task: TaskHandle, _ member: String, _ duration: Duration) throws -> [UInt8] {
        guard duration >= .milliseconds(1), duration <= .longest else {
            throw BatonError(.invalidArgument, message: "A lock must last 1 ms to 36,500 days, not \(duration)")
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("workerId", task.workerID)
        writer.member(member, duration.wholeMilliseconds)
        writer.endObject()
        return writer.bytes
    }
}

/// How sure it is that a report had its effect; later versions may know more.
public struct ReportOutcome: Sendable, Hashable, CustomStringConvertible {
    /// The outcome's name.
    public let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// The engine has said so.
    public static let confirmed = ReportOutcome("confirmed")
    /// An attempt was sent whose answer was lost, and a later one was answered in a way that it would be after success.
    public static let presumed = ReportOutcome("presumed")
}
